using System.Runtime.Versioning;
using AotServe.Native;

namespace AotServe.Files;

/// <summary>What the results of Linux's calls mean here.</summary>
[SupportedOSPlatform("linux")]
internal static class LinuxResults
{
    /// <summary>Describes a file.</summary>
    public static FileEntry EntryOf(in LinuxFileStatus status)
    {
        FileKind kind = status.IsRegular ? FileKind.Regular : status.IsFolder ? FileKind.Folder : FileKind.Other;
        return new FileEntry(kind, status.Size, status.ModifiedSeconds, status.ModifiedNanoseconds)
        {
            Version = status.Version,
            ChangedTotalNanoseconds = FileEntry.TotalNanoseconds(status.ChangedSeconds, status.ChangedNanoseconds),
        };
    }

    /// <summary>What an error number means.</summary>
    public static FileOutcome OutcomeOf(int error) => error switch
    {
        Errno.NotFound or Errno.NotAFolder or Errno.TooManyLinks or Errno.LeadsOut
            or Errno.NameTooLong or Errno.NoSuchDevice => FileOutcome.NotFound,
        Errno.AccessDenied or Errno.NotPermitted => FileOutcome.Forbidden,
        Errno.ProcessFilesExhausted or Errno.SystemFilesExhausted or Errno.NoMemory
            or Errno.TryAgain => FileOutcome.Unavailable,
        _ => FileOutcome.Failed,
    };
}
