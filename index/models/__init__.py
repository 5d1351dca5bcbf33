"""The models: found by their setting, exported once, the fastest way to run them chosen, and run without torch.

`embedding` gives the encoder of passages and questions, `rerankers` the cross-encoder. The ways in are these two and
`embedders.Encoder`; the rest makes, checks and measures the files that they load.
"""
