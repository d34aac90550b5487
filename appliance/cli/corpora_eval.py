"""`clara corpora eval`: how well the library finds what answers, how fast, and whether it knows when nothing does."""

import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from appliance.cli.options import AsJson
from appliance.cli.screen import Screen
from appliance.cli.setup import Setup, given

if TYPE_CHECKING:
    from corpora.evaluation import Abstention, Report


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("eval")(evaluate)


def evaluate(
    context: typer.Context,
    dataset: Annotated[Path, typer.Argument(help="A folder in the BEIR layout: corpus.jsonl, queries.jsonl, qrels/.")],
    abstention: Annotated[
        Path | None, typer.Option(help="Labelled questions, a JSON object with question and answerable on each line.")
    ] = None,
    *,
    peer: Annotated[bool, typer.Option("--peer", help="Measure full text, vectors and Chroma alone as well.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure search on a data set: ranking, speed, memory, and with --abstention knowing what it doesn't know."""
    from corpora.evaluation import evaluate as measured

    screen = Screen(as_json=as_json)
    embed = embedder(given(context))
    if embed is None:
        screen.remark("no embedder is installed, so words alone are measured: clara models fetch")
    with tempfile.TemporaryDirectory(prefix="clara-eval-") as work, screen.progress() as progress:
        report = measured(
            dataset,
            embed,
            Path(work),
            peer=peer,
            abstention=abstention,
            progress=progress,
        )
    if as_json:
        screen.json(asdict(report))
        return
    show(screen, report)


def embedder(setup: Setup) -> Callable[..., Any] | None:
    """Give this box's embedder, None when there is none."""
    from appliance.engines import Engines, hardware
    from models import catalogue

    engines = Engines(setup.open_store(setup.settings), catalogue.load(), hardware(), setup.settings.local.threads)
    found = engines.embedder()
    return found.embed if found is not None else None


def show(screen: Screen, report: "Report") -> None:
    """Print a report for a person."""
    size = f"{report.documents:,} documents, {report.passages:,} passages, {report.questions:,} questions"
    screen.say(f"{report.dataset}: {size}")
    heads = ("searched by", "nDCG@10", "recall@10", "recall@100", "MRR", "p50 ms", "p95 ms", "CPU ms")
    rows = [
        (each.way, *(f"{value:.3f}" for value in (each.ndcg_10, each.recall_10, each.recall_100, each.mrr)),
         f"{each.p50_ms:.1f}", f"{each.p95_ms:.1f}", f"{each.cpu_ms:.1f}")
        for each in report.ways
    ]  # fmt: skip
    screen.table(heads, rows, numbers=heads[1:])
    screen.say(
        f"index {report.index_mb:.1f} MB, built in {report.build_s:.1f} s; "
        f"the process had {report.memory_mb:.0f} MB at most"
    )
    if report.abstention is not None:
        show_abstention(screen, report.abstention)


def show_abstention(screen: Screen, told: "Abstention") -> None:
    """Print how well the answerable are told from the others."""
    screen.say(f"abstention{f' (documents with {told.corpus})' if told.corpus else ''}:")
    heads = ("unanswerable", "AUROC", "refused")
    rows = [
        (name, f"{area:.3f}", f"{refused:.3f}")
        for name, area, refused in (
            ("all", told.auroc, told.refused),
            ("far", told.auroc_far, told.refused_far),
            ("near", told.auroc_near, told.refused_near),
        )
        if area is not None and refused is not None
    ]
    screen.table(heads, rows, numbers=heads[1:])
    screen.say(f"accuracy at the shipped threshold {told.accuracy:.3f}; of the answerable {told.passed:.3f} pass")
