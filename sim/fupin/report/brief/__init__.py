"""The brief of a result: two A4 pages for somebody who decides, as HTML or PDF."""
