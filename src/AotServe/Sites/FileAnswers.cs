using System;
using System.Runtime.CompilerServices;
using AotServe.Files;
using AotServe.Http;
using AotServe.Sites.Representations;
using AotServe.Sites.Representations.Codings;
using AotServe.Sites.Rules;

namespace AotServe.Sites;

/// <summary>Answers with one file of a folder, in the representation that suits the client. Any thread may call.</summary>
internal sealed class FileAnswers(
    RootFolder root, MediaTypes mediaTypes, ContentNegotiation negotiation, SiteErrors errors, CachePolicy caching)
{
    /// <summary>
    /// Answers with a file. HEAD opens it as GET does, and so does what may end in 304: all say the same of a file that may
    /// not be read (RFC 9110 §13.2.1). Preconditions, ranges and fields are about the file that was opened, which may be
    /// another one than was found under the name before.
    /// </summary>
    /// <param name="head">The request.</param>
    /// <param name="path">The path of the file.</param>
    /// <param name="response">The response.</param>
    /// <param name="varies">Whether it was selected by the Accept field.</param>
    /// <param name="status">200, or the status of an error that the file is the page of.</param>
    [SkipLocalsInit]
    public void Answer(RequestHead head, ReadOnlySpan<byte> path, Response response, bool varies = false, int status = 200)
    {
        FileOutcome outcome = root.OpenContent(path, out FileEntry entry, out FileContent content);
        if (outcome == FileOutcome.NotFound && negotiation.FindAlone(path) != ContentCodings.Identity)
        {
            AnswerCoded(head, path, response, varies);
            return;
        }

        if (outcome != FileOutcome.Found)
        {
            errors.Write(outcome, path, response);
            return;
        }

        ContentCodings own = CodedName.Read(path, root, mediaTypes, out ReadOnlySpan<byte> inner);
        ReadOnlySpan<byte> mediaType = mediaTypes.ForPath(inner);
        if (status != 200)
        {
            response.Start(status);
            response.Field("Content-Type"u8, mediaType);
            RepresentationAnswer.EndWith(content, 0, entry.Length, response);
            return;
        }

        Span<byte> space = stackalloc byte[ContentNegotiation.TagSpace];
        Representation representation = negotiation.Select(
            head, path, mediaType, entry, content, own, response.Now, space) with
        { VariesByAccept = varies, CacheControl = caching.ValueFor(path) };
        RepresentationAnswer.Write(head, representation, response);
    }

    /// <summary>Answers with a file that is there in codings only.</summary>
    [SkipLocalsInit]
    private void AnswerCoded(RequestHead head, ReadOnlySpan<byte> path, Response response, bool varies)
    {
        ReadOnlySpan<byte> mediaType = mediaTypes.ForPath(path);
        Span<byte> space = stackalloc byte[ContentNegotiation.TagSpace];
        if (negotiation.TrySelectAlone(head, path, mediaType, response.Now, space, out Representation representation))
        {
            RepresentationAnswer.Write(
                head, representation with { VariesByAccept = varies, CacheControl = caching.ValueFor(path) }, response);
            return;
        }

        response.VariesByCoding = true;
        ErrorPage.Write(response, 406, "This file is only here compressed, in a way that the request does not accept."u8);
    }
}
