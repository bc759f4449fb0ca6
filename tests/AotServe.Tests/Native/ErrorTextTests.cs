using System;
using System.ComponentModel;
using System.IO;
using System.Net.Sockets;
using AotServe.Native;
using Xunit;

namespace AotServe.Tests.Native;

/// <summary>What an exception says whose message is the key of a text that is not there, as all of the runtime's are in the published binary.</summary>
public sealed class ErrorTextTests
{
    public static TheoryData<Exception, string> Exceptions => new()
    {
        { new IOException("cannot open the folder"), "cannot open the folder" },
        { new InvalidOperationException("two\nlines of it"), "two lines of it" },
        { new FileNotFoundException("IO_FileNotFound_FileName, /srv/a b"), "there is no such file or folder" },
        { new DirectoryNotFoundException("IO_PathNotFound_Path, /srv"), "there is no such file or folder" },
        { new UnauthorizedAccessException("UnauthorizedAccess_IODenied_Path, /srv"), "permission denied" },
        { new PathTooLongException("IO_PathTooLong_Path, /srv"), "the path is too long" },
        { new IOException("IO_SharingViolation_File, /srv"), "it cannot be read or written" },
        { new OutOfMemoryException("Arg_OutOfMemoryException"), "there is no memory left" },
        { new NullReferenceException("Arg_NullReferenceException"), "a fault of this program" },
        { new ObjectDisposedException("x", "ObjectDisposed_Generic"), "a fault of this program" },
        { new ArgumentException("Arg_Bad Arg_ParamName_Name, path"), "a fault of this program" },
        { new OverflowException("Overflow"), "a fault of this program" },
        { new TypeInitializationException("T", new OutOfMemoryException("Arg_OutOfMemoryException")), "there is no memory left" },
        { new AggregateException("AggregateException_ctor_DefaultMessage", new IOException("net_io_readfailure")), "it cannot be read or written" },
        { new SocketException((int)SocketError.SocketError), "the address cannot be used" },
    };

    [Theory, MemberData(nameof(Exceptions))]
    public void It_is_in_words(Exception failure, string words) => Assert.Equal(words, ErrorText.Describe(failure));

    [Fact]
    public void The_words_of_the_system_stand_for_its_error_numbers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The words are those of Linux.");
        Assert.Equal("Connection refused", ErrorText.Describe(new SocketException((int)SocketError.ConnectionRefused)));
        Assert.Equal("Too many open files", ErrorText.Describe(new Win32Exception(Errno.ProcessFilesExhausted)));
        Assert.Equal("Not a directory", ErrorText.Describe(new IOException("IO_Path", Errno.NotAFolder)));
    }
}
