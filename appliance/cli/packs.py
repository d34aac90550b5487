"""`clara corpora pack`, `sign`, `verify`, `install`, `diff`, `rollback`: signed packs of texts, made and taken in."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from appliance.cli.failure import Failure
from appliance.cli.options import AsJson
from appliance.cli.screen import Screen
from appliance.cli.setup import given

if TYPE_CHECKING:
    from corpora.packs.content import Content
    from corpora.packs.manifest import Manifest
    from corpora.packs.signing import Key

File = Annotated[Path, typer.Argument(metavar="FILE", help="A pack: NAME-VERSION.clarapack.")]
PasswordFile = Annotated[Path | None, typer.Option(help="The key's password is this file's first line.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (pack, sign, verify, install, diff, rollback, keygen, trust, packs):
        app.command()(command)


def pack(
    folder: Annotated[Path, typer.Argument(help="With pack.toml, digests, passages, requirements, specs, questions.")],
    out: Annotated[Path | None, typer.Option(help="File or folder; default: NAME-VERSION.clarapack here.")] = None,
    against: Annotated[Path | None, typer.Option(help="Make a delta: only what this older pack lacks.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Check a folder's texts and make a pack of it; the same content gives the same bytes."""
    from corpora.packs import bundle

    screen = Screen(as_json=as_json)
    manifest = bundle.described(folder, epoch())
    base = manifest_of(against) if against else None
    name = f"{manifest.name}-{manifest.version}" + (f"-from-{base.version}" if base else "") + bundle.SUFFIX
    path = (out or Path()) / name if out is None or out.is_dir() else out
    bundle.write(folder, manifest, path, base)
    size = path.stat().st_size
    if as_json:
        screen.json({**summary(manifest), "file": str(path), "bytes": size, "against": base and base.revision})
        return
    screen.say(f"{path}: {manifest.name} {manifest.version}, {len(manifest.files)} files, {size:,} bytes")
    screen.say(f"revision {manifest.revision}")
    screen.remark(f"sign it: clara corpora sign {path} --key KEY")


def sign(
    file: File,
    key: Annotated[Path, typer.Option(help="The secret key, as keygen or minisign -G made it.")],
    password_file: PasswordFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Sign a pack; the signature lies beside it as FILE.minisig."""
    from corpora.packs import signing

    screen = Screen(as_json=as_json)
    manifest = manifest_of(file)
    password = asked(password_file, f"Password of {key}") if signing.locked(key) else ""
    beside = signing.sign(file, manifest, key, password)
    if as_json:
        screen.json({**summary(manifest), "signature": str(beside)})
    else:
        screen.say(f"{beside}: {signing.told(manifest)}")


def verify(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Default: every installed pack.")] = None,
    trust: Annotated[
        list[Path] | None, typer.Option(metavar="PUBKEY", help="Public key file; default: those this box trusts.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Prove a pack's signature and every file in it by hash; without FILE, prove what is installed."""
    from corpora.packs import signing
    from corpora.packs.install import verified
    from corpora.packs.shelf import survey

    screen = Screen(as_json=as_json)
    data = given(context).settings.place.data
    if file is None:
        found = survey(data, thoroughly=True)
        if as_json:
            screen.json({"well": [one.stamp for one in found.packs], "problems": found.problems})
        for one in () if as_json else found.packs:
            screen.say(f"{one.stamp}: well")
        if found.problems:
            raise Failure("; ".join(found.problems))
        return
    keys = tuple(map(signing.read_key, trust)) if trust else signing.trusted(data)
    with verified(file, keys) as (bundle, seal):
        bundle.prove()
    if as_json:
        screen.json({**summary(bundle.manifest), "key": seal.key.id, "signer": seal.key.name})
    else:
        screen.say(f"{file}: well: {seal.comment}, signed by {seal.key.name} ({seal.key.id})")


def install(
    context: typer.Context,
    file: File,
    *,
    allow_downgrade: Annotated[bool, typer.Option("--allow-downgrade", help="Take an older version, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put a signed pack in force; the version before stays, to go back to."""
    from corpora.packs.install import install as put_in_force

    screen = Screen(as_json=as_json)
    done = put_in_force(given(context).settings.place.data, file, allow_downgrade=allow_downgrade)
    before = done.before.stamp if done.before else None
    if as_json:
        screen.json({**summary(done.pack.manifest), "before": before, "signer": done.seal.key.name})
    elif before == done.pack.stamp:
        screen.say(f"{done.pack.stamp} is installed already.")
    else:
        screen.say(f"{done.pack.stamp} is in force" + (f", {before} before it." if before else "."))


def diff(
    context: typer.Context,
    old: Annotated[Path, typer.Argument(help="A pack, a pack's folder, or the name of an installed pack.")],
    new: Annotated[Path, typer.Argument(help="Likewise.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Tell in words what the new pack has otherwise than the old one."""
    from corpora.packs.diff import compare

    screen = Screen(as_json=as_json)
    changes = compare(content_of(context, old), content_of(context, new))
    if as_json:
        screen.json([{"kind": one.kind, "name": one.name, "how": one.how, "detail": one.detail} for one in changes])
        return
    for change in changes:
        screen.say(str(change))
    if not changes:
        screen.say("They say the same.")


def rollback(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="As `clara corpora packs` names it.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Put the version before in force again."""
    from corpora.packs.install import rollback as put_back

    screen = Screen(as_json=as_json)
    now = put_back(given(context).settings.place.data, name)
    if as_json:
        screen.json(summary(now.manifest))
    else:
        screen.say(f"{now.stamp} is in force again.")


def keygen(
    path: Annotated[Path, typer.Argument(help="Makes PATH.key, to keep secret, and PATH.pub, for the boxes.")],
    password_file: PasswordFile = None,
    *,
    no_password: Annotated[bool, typer.Option("--no-password", help="Leave the secret key open.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a key pair to sign packs with."""
    from corpora.packs import signing

    screen = Screen(as_json=as_json)
    password = "" if no_password else asked(password_file, "Password of the new key", twice=True)
    if not (password or no_password):
        raise Failure("an empty password protects nothing; say --no-password if that is meant")
    secret, public = signing.generate(path, password)
    if as_json:
        screen.json({"secret": str(secret), "public": str(public), "key": signing.read_key(public).id})
        return
    screen.say(f"{secret} signs: keep it where no box is.")
    screen.say(f"{public} verifies: on each box, clara corpora trust {public.name}")


def trust(
    context: typer.Context,
    key: Annotated[Path | None, typer.Argument(metavar="[PUBKEY]", help="Public key file; default: list them.")] = None,
    name: Annotated[str, typer.Option(help="What to call the key here; default: the file's name.")] = "",
    remove: Annotated[str, typer.Option(metavar="NAME", help="Take no more packs of this key.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Say whose packs this box takes."""
    from corpora.packs import signing

    screen = Screen(as_json=as_json)
    data = given(context).settings.place.data
    if remove:
        signing.distrust(data, remove)
        screen.remark(f"{remove} is trusted no more; what it installed stays until rolled back or replaced")
    if key:
        added = signing.trust(data, key, name)
        screen.remark(f"packs signed by {added.name} ({added.id}) are taken from now on")
    show(screen, signing.trusted(data))


def packs(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List the installed packs, each with version and revision."""
    from corpora.packs.shelf import survey

    screen = Screen(as_json=as_json)
    found = survey(given(context).settings.place.data)
    if as_json:
        screen.json({"packs": [summary(one.manifest) for one in found.packs], "problems": found.problems})
    elif found.packs:
        rows = [(one.name, one.version, one.revision[:12], one.manifest.title) for one in found.packs]
        screen.table(("pack", "version", "revision", "title"), rows)
    elif not found.problems:
        screen.remark("no pack is installed; the starter pack is part of the program")
    if found.problems:
        raise Failure("; ".join(found.problems))


def show(screen: Screen, keys: tuple["Key", ...]) -> None:
    """List public keys."""
    if screen.as_json:
        screen.json([{"name": key.name, "key": key.id} for key in keys])
    elif keys:
        screen.table(("name", "key"), [(key.name, key.id) for key in keys])
    else:
        screen.remark("no key is trusted, so no pack can be installed; clara corpora trust PUBKEY adds one")


def manifest_of(path: Path) -> "Manifest":
    """The manifest of a pack, whose signature is not asked for: it is the packer's own."""
    from corpora.packs.bundle import opened, reading

    with reading(path) as file, opened(file, str(path)) as bundle:
        return bundle.manifest


def content_of(context: typer.Context, place: Path) -> "Content":
    """What a pack holds, by its file, its folder or its name."""
    from corpora.packs.diff import load
    from corpora.packs.shelf import installed

    if place.exists():
        return load(place)
    named = [one for one in installed(given(context).settings.place.data) if one.name == str(place)]
    if not named:
        raise Failure(f"{place}: is neither a file, nor a folder, nor the name of an installed pack")
    return load(named[0].folder)


def summary(manifest: "Manifest") -> dict[str, object]:
    """A pack for a program."""
    return {
        "name": manifest.name, "version": manifest.version, "revision": manifest.revision, "title": manifest.title,
        "licence": manifest.licence, "created": manifest.created,
    }  # fmt: skip


def epoch() -> int | None:
    """When a build that can be repeated says it was made (https://reproducible-builds.org/specs/source-date-epoch/)."""
    text = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise Failure(f"SOURCE_DATE_EPOCH is {text!r}: it must be a number of seconds since 1970")
    return int(text)


def asked(file: Path | None, prompt: str, *, twice: bool = False) -> str:
    """A password, from a file or a person."""
    if file:
        lines = file.read_text(encoding="utf-8").splitlines()
        return lines[0] if lines else ""
    return str(typer.prompt(prompt, hide_input=True, confirmation_prompt=twice, err=True))
