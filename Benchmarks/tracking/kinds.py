"""The list of the kinds of edit, and their combinations."""

from __future__ import annotations

from collections.abc import Callable

from . import edits
from .edits import Edit
from .reformat import reformat

KINDS: dict[str, Callable[[Edit], bool]] = {
    "insert-lines": edits.insert_lines,
    "delete-lines": edits.delete_lines,
    "fix-one-twin": edits.fix_one_twin,
    "move-function": edits.move_function,
    "swap-functions": edits.swap_functions,
    "move-block": edits.move_block,
    "move-block-across-files": edits.move_block_across_files,
    "split-file": edits.split_file,
    "merge-files": edits.merge_files,
    "rename-file": edits.rename_file,
    "rename-file-with-edits": edits.rename_file_with_edits,
    "rename-identifier": edits.rename_identifier,
    "wrap": edits.wrap,
    "duplicate-code": edits.duplicate_code,
    "edit-flagged-token": edits.edit_flagged_token,
    "reformat": reformat,
    "edit-beside": edits.edit_beside,
    "add-look-alike": edits.add_look_alike,
}
COMBINATION = "combination"


def apply(edit: Edit, kind: str) -> bool:
    """Makes an edit of a kind; a combination is three different ones in a row."""
    if kind != COMBINATION:
        return KINDS[kind](edit)
    chosen = edit.rng.sample(sorted(KINDS), 3)
    return sum([KINDS[name](edit) for name in chosen]) >= 2
