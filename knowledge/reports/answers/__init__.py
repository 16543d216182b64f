"""One-message reports of forms whose rows are answered by figures and by yes or no: each answer sure, doubted or not
said, wherever its row stands in the message.

`words` and `names` know how things are said and how rows are called, by the form's own words. `scanning` has a
message made ready (`cutting`) and what stands in it found: `finding_times`, `finding_rows`, `finding_figures`
(`scanned`). Counts: `pairing` joins rows and figures, `times` and `shaking` tell of what time a figure is and what
makes it doubtful, `counting` and `settling` what each row comes to. Yes and no: `zones` are the stretches that speak
of one thing, `stating` is what they say, `telling` what each row comes to. `placed` takes answers without names,
`reading` puts all together.
"""
