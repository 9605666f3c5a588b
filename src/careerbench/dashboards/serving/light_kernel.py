"""A kernel for a page: it has no debugger, which nobody may reach and which costs 20 MB."""

import sys


def main() -> None:
    """Run the kernel; its arguments are those of ``ipykernel_launcher``."""
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    from ipykernel import kernelapp

    kernelapp.launch_new_instance()


if __name__ == "__main__":
    main()
