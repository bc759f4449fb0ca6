using System;
using System.Collections.Generic;
using AotServe.Tests.Architecture.Samples.Uses;

// One file for all, against the custom of one type a file: nobody looks for any of them.
#pragma warning disable CA1852, CS0649

namespace AotServe.Tests.Architecture.Samples.Uses
{
    internal class Base;

    internal class Used
    {
        public static int Number { get; set; }

        public static void Do()
        {
        }
    }

    internal sealed class Argument;

    internal interface IUsed;

    internal sealed class UsedException : Exception;

    [AttributeUsage(AttributeTargets.All)]
    internal sealed class UsedAttribute : Attribute;

    internal enum Choice
    {
        First,
        Second,
    }

    internal struct Structure
    {
        public int Value;
    }

    internal static class Setting
    {
        public static Choice Choice { get; set; }
    }
}

namespace AotServe.Tests.Architecture.Samples
{
    internal sealed class OfBase : Base;

    internal sealed class OfInterface : IUsed;

    internal sealed class OfField
    {
        public Used? Field;
    }

    internal sealed class OfArgument
    {
        public List<Argument[]>? Field;
    }

    internal sealed class OfAttribute
    {
        [Used]
        public int Field;
    }

    internal sealed class OfConstraint
    {
        public static void Do<T>()
            where T : Base
        {
        }
    }

    internal abstract class OfParameter
    {
        public abstract void Do(Used used);
    }

    internal sealed class OfBody
    {
        public static void Do() => Used.Do();
    }

    internal sealed class OfCast
    {
        public static bool Is(object o) => o is Used;
    }

    internal sealed class OfCatch
    {
        public static void Do()
        {
            try
            {
                Console.WriteLine();
            }
            catch (UsedException)
            {
                Console.WriteLine();
            }
        }
    }

    internal sealed class OfLambda
    {
        public static Action Make(int number) => () => Used.Number = number;
    }

    internal sealed class OfIterator
    {
        public static IEnumerable<int> Make()
        {
            yield return Used.Number;
        }
    }

    internal sealed class OfGenericCall
    {
        public static object Make() => Array.Empty<Used>();
    }

    /// <summary>The value of an enum is a constant; only the signature of what it is given to tells.</summary>
    internal sealed class OfEnum
    {
        public static void Do() => Setting.Choice = Choice.Second;
    }

    internal sealed unsafe class OfPointer
    {
        public static int Read(nint p) => ((Structure*)p)->Value;
    }
}
