"""What an answer tells beyond its quotations: the date of the event asked about, and where its sources differ.

`answering` is the way in. `questions` reads what is asked, `mentions`, `figures` and `outcomes` find what citations tell of
it, `scores` weighs the dates and `differences` sets what is told beside each other. The rest are the parts they share.
"""
