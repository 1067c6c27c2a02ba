"""Published returns read back into the documents that this program prepares: from PDF, from HTML exhibits, from text.

    found = read_return(content, "monthly.pdf")
    found.document, found.marks["issued[0].closing.issued"], found.doubtful

Every cell is marked: `agreed` if an identity of the return confirms it, `read` if it was read where nothing else could be meant,
`doubtful` with the reason and the text that was there. What is doubtful is the likeliest reading, and never more than that.
"""

from __future__ import annotations

from infrastructure.files.published.reading import ReadReturn as ReadReturn
from infrastructure.files.published.reading import read_return as read_return
from infrastructure.files.published.reading import read_returns as read_returns
from infrastructure.files.published.settle import AGREED as AGREED
from infrastructure.files.published.settle import DOUBTFUL as DOUBTFUL
from infrastructure.files.published.settle import READ as READ
from infrastructure.files.published.settle import CellMark as CellMark
