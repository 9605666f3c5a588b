"""A release in the layout of Explore Education Statistics, screened before it is written."""
