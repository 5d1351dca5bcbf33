"""The rules for sentences that pages print word for word, so that they are known amid a line of the article's as well.

A page pasted as one line, and many data sets of news, have them there: `corpus.furniture_apart` sets them on lines of
their own. All other rules, which judge whole lines, are `corpus.furniture_rules`'.
"""

from corpus.furniture_shapes import (
    AGENCY,
    NAMES,
    SHORTENED,
    Rule,
    ends_in_credit,
    is_all,
    is_appeal,
    is_copyright,
    one_sentence,
    shaped,
    unreported,
)

_STAFF = rf"(?:[Rr]eporting|[Ww]riting|[Aa]dditional [Rr]eporting|[Ee]diting) by {NAMES}"
# What may follow the words of a form: a few more, or many up to its usual end.
_BRIEF = r"\b(?! (?:that|which)\b)(?=(?: ?\S+){0,6}$|.*\binbox\W*$)"

FIXED_RULES: tuple[Rule, ...] = (
    Rule(
        "comment form text",
        is_appeal(
            r"your email address will not be published[. ]*$|required fields are marked\b|"
            r"save my name, email,? and website in this|"
            r"notify me of (?:follow-?up|new) (?:comments|posts)\b|this site uses akismet\b|"
            r"you must be logged in to post(?: a comment| a reply)?[. ]*$|please enable javascript to view the comments\b|"
            r"learn how your comment data is processed"
        ),
        40,
        "the fixed sentences of that form",
    ),
    Rule(
        "ad blocker",
        is_appeal(
            r"ad ?-?block(?:er|ing)?(?: software)? (?:is |has been )?detected\b|"
            r"our website is made possible by displaying online adv|"
            r"please consider supporting us by disabling your ad|"
            r"please (?:disable|turn off|whitelist us in) your ad ?-?block(?:er|ing)?s?(?: software)?"
            r"(?: (?:to (?:continue|keep reading|proceed|support us)|to (?:read|view|access) (?:this|the|our) "
            r"(?:page|site|website|content|article|story)|and (?:reload|refresh|try|continue)|on this (?:page|site|website)|"
            r"for (?:this|our) (?:page|site|website))\b[^.!?]{0,40})?[.! ]*$|"
            r"(?:we|it looks like)(?:['’]ve| have)? (?:noticed|detected|see)?(?: that)? ?you(?:['’]re|"
            r" are) using an ad ?-?block"
        ),
        40,
        "a wall shown to whoever blocks advertisements",
    ),
    Rule(
        "game",
        shaped(rf"[Nn]eed a break\? [Pp]lay (?:{SHORTENED}|[^.!?])*+[.!]?"),
        14,
        "a link to the paper's crossword between two paragraphs",
    ),
    Rule(
        "newsletter note",
        is_appeal(
            r"(?:editor['’]s note: )?(?:a version of )?this (?:story|article|column) (?:is part of|"
            r"(?:first )?appear(?:s|ed)(?: first)? in)"
            r"\b.*\bnewsletter\b|editor['’]s note: sign up\b|"
            r"\(?you can (?:also )?get .* delivered to your inbox|"
            rf"subscribe to our newsletter{_BRIEF}|sign up (?:for|to) (?:our|the) (?:[\w’'-]+ ){{0,3}}newsletters?{_BRIEF}"
        ),
        60,
        "says in which newsletter the piece also is",
    ),
    Rule(
        "registration form",
        is_appeal(
            r"we will use the (?:details|information) you have shared\b|"
            r"if you wish to object to the use of your data\b|"
            r"by (?:signing up|continuing to use this (?:site|website)|submitting your information|"
            r"clicking (?:sign up|submit))"
            r",? you(?: will)? agree\b|we (?:and our partners )?use cookies (?:and|to|on|"
            r"for)\b.*\b(?:site|website|experience)\b"
        ),
        90,
        "the fixed sentences of sign-up forms and cookie walls",
    ),
    Rule(
        "full article",
        is_all(r"click(?: here)? to read the (?:full|whole|entire|rest of the) (?:article|story)[.!]?"),
        11,
        "a link to the text where the page has only its beginning",
    ),
    Rule(
        "affiliate links",
        unreported(
            is_all(
                r"(?:we|[\w’'& ]{3,40}) may (?:earn|receive) (?:an? )?(?:affiliate |small )?commissions? (?:from|on|for|if|when)"
                r" [^.!?]*\blinks?\b[^.!?]*\."
            )
        ),
        30,
        "says that the page earns by what its readers buy",
    ),
    Rule("copyright", is_copyright, 40, "who owns the page"),
    Rule(
        "photo credit",
        shaped(
            rf"[(\[]?(?:(?:Getty Images|{AGENCY}/{AGENCY})|REUTERS/{NAMES}(?:/File Photo)?|"
            rf"(?:[\w’'.-]+ ){{0,5}}[\w’'.-]+(?:[/|][\w’'. -]+)*[/|] ?{AGENCY})[)\]]?"
        ),
        16,
        "who took the photograph for which agency",
    ),
    Rule(
        "caption",
        one_sentence(shaped(r"FILE PHOTO: (?!.*\b(?:will|would|said|says|told)\b).+")),
        60,
        "agencies' captions of pictures from their archives",
    ),
    Rule("caption", ends_in_credit, 60, "a caption ends with its photographer and agency"),
    Rule(
        "contributors",
        one_sentence(shaped(rf"\(?{_STAFF}(?:; .*)?\.?\)?")),
        40,
        "who else worked on the piece",
    ),
)
