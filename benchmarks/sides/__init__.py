"""What runs in a process of its own: one side of a comparison each, told what to do in JSON.

``python -m benchmarks.sides NAME`` reads one document and prints one. Rivals import nothing of
ours but rules that must be the same; they may run under another interpreter.
"""
