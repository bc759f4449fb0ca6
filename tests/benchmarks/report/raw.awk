# All that was measured as JSON, values in the order of the rounds. facts.tsv, samples.tsv, notes.tsv.
BEGIN { FS = "\t"; print "{\n  \"run\": {" }

function quoted(text) {
    gsub(/\\/, "\\\\", text)
    gsub(/"/, "\\\"", text)
    gsub(/[\001-\037]/, " ", text)
    return "\"" text "\""
}

FILENAME ~ /facts\.tsv$/ { printf "%s    %s: %s", comma, quoted($1), quoted($2); comma = ",\n" }
FILENAME ~ /samples\.tsv$/ {
    key = "\"section\": " quoted($1) ", \"case\": " quoted($2) ", \"server\": " quoted($3) ", \"metric\": " quoted($4)
    if (!(key in list)) { keys[++n] = key; list[key] = $5 } else list[key] = list[key] ", " $5
}
FILENAME ~ /notes\.tsv$/ { notes[++note_count] = $0 }
END {
    print "\n  },\n  \"notes\": ["
    for (i = 1; i <= note_count; i++) print "    " quoted(notes[i]) (i < note_count ? "," : "")
    print "  ],\n  \"measurements\": ["
    for (i = 1; i <= n; i++) print "    {" keys[i] ", \"values\": [" list[keys[i]] "]}" (i < n ? "," : "")
    print "  ]\n}"
}
