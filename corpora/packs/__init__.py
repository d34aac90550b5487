"""Packs: texts, specs, requirements and questions that travel signed from head office to the boxes.

    folder ─pack─► NAME-VERSION.clarapack ─sign─► ….clarapack.minisig
                              │
                       verify, install
                              ▼
    data/trust/*.pub          whose packs this box takes
    data/packs/NAME/current   which version is in force, and which was before
    data/packs/NAME/VERSION-HASH/   one version: manifest.json, signature.minisig and the pack's files

`manifest` says what a pack is, `content` reads it with the loaders that the box itself uses, `bundle` is the file that
travels, `signing` tells whose it is, `shelf` what is in force on a box, `install` changes that, `diff` tells two apart.

Decisions:
- The signature covers every byte of the file and is checked before anything in it is read: what unpacks has only ever
  seen bytes that a trusted key stands for. It is minisign's, prehashed, so that the stock program can check it too.
- A pack's revision is the SHA-256 of its manifest, which names every file by its SHA-256. A delta carries the very
  manifest of the full pack, so both ways lead to the same revision, and it names the revision that it goes onto.
- A version stands whole in a folder of its own, and one small file, replaced in one step, says which is in force: a
  kill leaves the old one. Files that two versions share are hard links to one, and are therefore never written to.
- What is installed was checked by this box's own loaders, not only by the packer's: a row that this program cannot
  read is found before the old version gives way.
- A key that is no longer trusted installs nothing more; what it installed stays until it is rolled back or replaced.
- Only files that a loader reads may travel, so nothing lies in a pack unread and unchecked.
"""
