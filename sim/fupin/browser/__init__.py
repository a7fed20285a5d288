from fupin.browser import quick_mesa as _before_mesa  # noqa: F401  # whoever imports Mesa later
