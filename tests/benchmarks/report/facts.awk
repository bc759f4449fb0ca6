# The head of the results: what was measured, where, and what a reader must know. facts.tsv, notes.tsv.
BEGIN {
    FS = "\t"
    print "## The run\n"
    print "| | |"
    print "| --- | --- |"
}
FILENAME ~ /facts\.tsv$/ { print "| " $1 " | " $2 " |" }
FILENAME ~ /notes\.tsv$/ && !($0 in seen) { seen[$0] = 1; notes[++n] = $0 }
END {
    if (n) print "\nTo know:\n"
    for (i = 1; i <= n; i++) print "- " notes[i]
    print "\nEach figure is the median; in brackets the spread: lowest to highest, of 20 values or more the middle half."
}
