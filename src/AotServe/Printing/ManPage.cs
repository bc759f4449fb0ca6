using System;
using System.Text;
using AotServe.Cli;
using AotServe.Http;

namespace AotServe.Printing;

/// <summary>Makes the manual page, aotserve(8), for man(7). Commands and options are those of the tables that the help is made of.</summary>
internal static class ManPage
{
    private const int UsualLength = 16 * 1024;

    // These texts are roff.
    private static ReadOnlySpan<byte> Description =>
        """
        .SH DESCRIPTION
        .B aotserve
        serves the folder
        .I ROOT
        over HTTP/1.1, and without it a small built\-in site for trying things out.
        However it is told to stop, it first answers every request that it has received.
        .PP
        Regular files are served to GET and HEAD, with
        .I index.html
        for folders.
        Names that begin with a dot are not served, nor is anything that a symbolic link or
        .RB \(lq .. \(rq
        reaches outside of the folder.
        There is no TLS: use a proxy where it is needed.

        """u8;

    private static ReadOnlySpan<byte> BeforeOptions =>
        """
        .PP
        A folder that is named like a command is served as
        .IR ./check .
        .SH OPTIONS
        .B \-\-name VALUE
        and
        .B \-\-name=VALUE
        are the same, as are
        .B \-p 80
        and
        .BR \-p80 .
        If an option is given twice, the last value counts; if it is repeatable, all values count.
        An argument after
        .B \-\-
        is ROOT, even if it begins with a dash.

        """u8;

    private static ReadOnlySpan<byte> Rest =>
        """
        .SH ENVIRONMENT
        .TP
        .BR AOTSERVE_PORT ", " AOTSERVE_EXIT_AFTER ", ..."
        Each option that the command line does not set is read from the variable of its name.
        AOTSERVE_BIND, AOTSERVE_INDEX and AOTSERVE_CORS take a list (127.0.0.1,::1); other repeatable options take one value per line.
        An option without a value is 1 (on) or 0 (off).
        .TP
        .BR LISTEN_FDS ", " LISTEN_PID ", " LISTEN_FDNAMES
        Sockets that a service manager listens on already; see
        .BR sd_listen_fds (3).
        .TP
        .BR NOTIFY_SOCKET ", " WATCHDOG_USEC ", " WATCHDOG_PID
        Where a service manager is told of the start, the stop and rereading, and how often that all is well; see
        .BR sd_notify (3).
        .SH EXIT STATUS
        .TP
        .B 0
        Stopped, and everything was answered.
        .TP
        .B 1
        It could not listen, could not become the user of
        .BR \-\-user ,
        or the timeout of a stop cut something off.
        .TP
        .B 2
        An error on the command line, in the environment or in a file that they name. It did not listen.
        .TP
        .B 128 + signal
        A second signal cut everything off.
        .SH SIGNALS
        .TP
        .BR SIGTERM ", " SIGINT ", " SIGQUIT
        Stop: accept what waits, stop listening, answer what was received, exit.
        A second one cuts off everything at once.
        .TP
        .B SIGHUP
        Reread
        .IR _headers ,
        .I _redirects
        and the file of
        .BR \-\-auth\-file .
        Where the server was started from a terminal: stop.
        .TP
        .B SIGUSR1
        Open the file of
        .B \-\-access\-log
        again, after it was renamed.
        .TP
        .B SIGUSR2
        Start the program that now lies in this one's place, hand the listening sockets over, and stop once it serves (Linux).
        .SH FILES
        .TP
        .I ROOT/_headers
        Header fields of responses, as Netlify and Cloudflare Pages document the file.
        .TP
        .I ROOT/_redirects
        Redirects and rewritten addresses, likewise.
        .TP
        .IR ROOT/404.html ", " ROOT/403.html ", " ROOT/50x.html
        Pages for errors.
        .TP
        .IR NAME.br ", " NAME.zst ", " NAME.gz
        Compressed copies of
        .IR NAME ,
        sent to clients that take them.
        .SH EXAMPLES
        .TP
        A folder on port 80:
        .EX
        aotserve /srv/www \-\-port 80
        .EE
        .TP
        For this machine only, on a free port:
        .EX
        aotserve \-\-bind 127.0.0.1 \-\-port 0
        .EE
        .TP
        A service of systemd:
        .EX
        aotserve print unit /srv/www \-\-port 80 \-\-user www\-data > /etc/systemd/system/aotserve.service
        systemctl enable \-\-now aotserve
        .EE
        .TP
        Rules reread, a new binary in place of the old one:
        .EX
        systemctl reload aotserve
        systemctl kill \-\-kill\-whom=main \-\-signal=USR2 aotserve
        .EE
        .TP
        A user for \fB\-\-auth\-file\fR:
        .EX
        aotserve hash\-password \-\-user ann >> users && chmod 600 users
        .EE
        .SH SEE ALSO
        .BR systemd.service (5),
        .BR systemd.socket (5),
        .BR sd_listen_fds (3),
        .BR sd_notify (3),
        .BR landlock (7)

        """u8;

    public static string Make()
    {
        StringBuilder page = new StringBuilder(UsualLength)
            .Append(".TH AOTSERVE 8 \"\" \"aotserve "u8).AppendRoff(BuildInfo.Version).Append("\" \"System Manager\\(aqs Manual\"\n"u8)
            .Append(".SH NAME\naotserve \\- serve a folder over HTTP\n.SH SYNOPSIS\n"u8);
        AppendSynopsis(page, "", "[ROOT] [OPTION]...");
        foreach (Command command in CommandTable.All)
        {
            page.Append(".br\n"u8);
            AppendSynopsis(page, " " + command.Name, command.Takes.ToString());
        }

        page.Append(Description).Append(".SH COMMANDS\n"u8);
        foreach (Command command in CommandTable.All)
        {
            page.Append(".TP\n"u8);
            AppendBold(page, command.Name).Append(' ').AppendRoff(command.Takes.ToString()).Append('\n').AppendRoff(command.Details.ToString()).Append('\n');
        }

        page.Append(BeforeOptions);
        AppendOptions(page);
        return page.Append(Rest).ToString();
    }

    private static void AppendOptions(StringBuilder page)
    {
        string? group = null;
        foreach (Option option in OptionTable.All)
        {
            if (option.Hidden)
            {
                continue;
            }

            if (option.Group != group)
            {
                group = option.Group;
                page.Append(".SS "u8).AppendRoff(group).Append('\n');
            }

            page.Append(".TP\n"u8);
            if (option.Letter != '\0')
            {
                AppendBold(page, "-" + option.Letter).Append(", ");
            }

            AppendBold(page, "--" + option.Name);
            if (option is not ValueOption takesValue)
            {
                page.Append('\n').AppendRoff(Sentence(option.Help.ToString())).Append('\n');
                continue;
            }

            page.Append(takesValue.BareValue is null ? " " : "[=").Append(@"\fI").AppendRoff(takesValue.Placeholder).Append(@"\fR")
                .Append(takesValue.BareValue is null ? "\n" : "]\n")
                .AppendRoff(Sentence(option.Help.ToString())).Append('\n');
            if (takesValue.Choices is null)
            {
                // Where there are a few only, the help has named them.
                page.AppendRoff(Sentence("takes " + takesValue.Expects)).Append('\n');
            }

            if (takesValue.ShownDefault is { } value)
            {
                page.Append("Default: "u8).AppendRoff(value).Append(".\n"u8);
            }
        }
    }

    /// <summary>A help text as a sentence.</summary>
    private static string Sentence(string help) => char.ToUpperInvariant(help[0]) + help[1..] + ".";

    private static void AppendSynopsis(StringBuilder page, string command, string takes) =>
        AppendBold(page, "aotserve" + command).Append(' ').AppendRoff(takes).Append('\n');

    private static StringBuilder AppendBold(StringBuilder page, string text) => page.Append(@"\fB").AppendRoff(text).Append(@"\fR");
}
