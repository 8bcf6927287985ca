"""A zip with the same bytes for the same files: no clock, no user, no order of a folder in it."""

import io
import zipfile
from collections.abc import Collection, Mapping
from typing import Final

#: The first moment that a zip can name.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)


def zipped(files: Mapping[str, bytes], executable: Collection[str] = ()) -> bytes:
    """Returns the zip of `files`, in the order of their names.

    Args:
        files: Content by relative name.
        executable: Those of them that are programs.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.create_system = 3  # Unix, whose permissions follow
            entry.external_attr = (0o100755 if name in executable else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return buffer.getvalue()
