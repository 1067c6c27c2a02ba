"""The share capital of Hong Kong-listed issuers, as a library: `cli.library` under the name that one imports.

import captable

with captable.open_store("captable-demo.db") as store:
    store.book("00020").balances(as_of="2024-12-17")
"""

from cli.library import *  # noqa: F403 - exactly what is listed there
from cli.library import __all__ as __all__
