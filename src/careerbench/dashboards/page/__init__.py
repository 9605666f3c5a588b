"""The stakeholders' page: every slice of a Release, drawn in the browser from its own cells."""

from careerbench.dashboards.page.document import csp_of, page_html, write_page
from careerbench.dashboards.page.workbook import workbook

__all__ = ["csp_of", "page_html", "workbook", "write_page"]
