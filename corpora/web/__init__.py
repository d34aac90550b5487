"""The web, asked for manuals: a search, pages and files fetched; the only room of the corpora that leaves the box.

address says which addresses may be asked, result what a search found, `Tavily` searches, `Firecrawl` reads a page,
`Fetcher` brings a page or a file to the disk. Nothing here asks whether there is a link, or whether it may be used.

Decisions:
    All that comes back is written by strangers. Titles and snippets are shown to people, without what a terminal would
    obey, and given to no model; a fetched file goes through the readers' bounded process like any other.
    An address inside the box's own network is refused unless the owner allows it: a search result must not make the
    box ask its router. The name is looked up once, and the connection goes to the very address that was checked.
    Files are fetched plainly even when there is a Firecrawl key: its Markdown of a PDF has no pages to cite.
    Firecrawl's client offers no way to bound what it reads; its time is bounded, and the text that came is.
    Nothing is tried twice: a person waits, and a wish that failed is tried again when the link is next used.
"""
