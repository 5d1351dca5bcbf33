"""Reading a person's question: mended, completed from the earlier ones, its period and names, or that it is none.

`reading` is the way in; each of the others does one step of it.
"""
