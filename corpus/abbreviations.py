"""Words that are written short with a full stop, after which a sentence goes on: one list for all who look for its end."""

# Before a name or a number. Passages are cut by these, so that a change raises `SCHEME` in index/passages.py.
TITLES = tuple("Mr Mrs Ms Mx Dr Prof Sen Sens Rep Reps Gov Govs Gen Lt Sgt Capt Rev Hon Messrs St Jr No vs".split())
# With those, none longer than six letters, parts of names, states, months and weekdays.
ABBREVIATIONS = (
    *TITLES,
    *"Sr Inc Co Corp Ltd Bros Calif Fla Mass Conn Ill Pa Wash Ariz".split(),
    *"Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun".split(),
)
