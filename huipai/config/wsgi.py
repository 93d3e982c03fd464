"""What the web server's processes load."""

import gc

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

# What is loaded now stays for good: the collector need not walk through it again. A page makes some ten thousand
# objects that its end frees by itself, so it looks for circles among younger ones once a page rather than ten times.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
