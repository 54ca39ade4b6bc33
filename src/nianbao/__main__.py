"""``python -m nianbao``: the same as the command ``nianbao``."""

from nianbao.cli import main

main()
