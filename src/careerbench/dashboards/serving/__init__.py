"""Serving a dashboard to people who may look and no more: every door but the pickers is shut."""
