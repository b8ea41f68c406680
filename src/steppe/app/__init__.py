"""The app: a local web page on the store, where two histories are set up, run and compared.

``server.make_app`` is the application, ``serve.serve`` listens. The app computes nothing itself:
runs are made by the executors, numbers by ``study`` and ``report``.
"""
