# attack: os._exit(0) while the file is loaded
# asset: grades
# channel: processes
# beats otter: 13
# expect: crashed
# place: before
import os

os._exit(0)
