"""Mark-up taken off: what is left is what a person would read."""

import re

STEPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"```[a-z]*\n?|```"), ""),
    (re.compile(r"!\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"\[([^\]]+)\]\((?:[^()]|\([^)]*\))*\)"), r"\1"),
    (re.compile(r"</?[A-Za-z][^>\n]*>"), ""),
    (re.compile(r"(?m)^\s{0,3}#{1,6}\s+(.*?)\s*#*$"), r"\1."),
    (re.compile(r"(?m)^\s*(?:[-*+\u2022]|\d+[.)])\s+(?=\S)(.*\S)(?<![.?!:;,])\s*$"), r"\1."),
    (re.compile(r"(?m)^\s*[-*+\u2022]\s+"), ""),
    (re.compile(r"(?m)^\s*>\s?(?=[A-Za-z])"), ""),
    (re.compile(r"(?m)^\s*\|?(?:\s*:?-{3,}:?\s*\|)+\s*:?-*:?\s*\|?\s*$"), ""),
    (re.compile(r"(?m)^\s*\|\s*(.*?)\s*\|\s*$"), r"\1."),
    (re.compile(r"\s*\|\s*"), ", "),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])"), r"\1"),
    (re.compile(r"`([^`\n]+)`"), r"\1"),
    (re.compile(r"(?m)^\s*(?:-{3,}|\*{3,}|_{3,})\s*$"), ""),
)


def bare(text: str) -> str:
    """Give `text` without markdown and tags, its white space tidied; a list item ends like a sentence."""
    if any(mark in text for mark in "*_`#[<|>\n") or text.lstrip()[:2] in ("- ", "+ ", "\u2022 "):
        for pattern, put in STEPS:
            text = pattern.sub(put, text)
    return " ".join(text.split())
