using Antlr4.Runtime;
using Antlr4.Runtime.Misc;

namespace GeoFabric.Query.Syntax;

/// <summary>
/// The query text for the lexer, whose fast tables cover ASCII only: every other character looks like DEL to it. The grammar treats them all
/// alike (they may stand in strings, quoted names and comments only), except the forward tick, which is passed on.
/// </summary>
internal sealed class AsciiCharStream(string text) : ICharStream
{
    private const int StandIn = 0x7F;

    public int Index { get; private set; }

    public int Size => text.Length;

    public string SourceName => IntStreamConstants.UnknownSourceName;

    public void Consume() => Index++;

    public int LA(int i)
    {
        var position = Index + (i < 0 ? i : i - 1);
        if ((uint)position >= (uint)text.Length)
            return IntStreamConstants.EOF;
        var character = text[position];
        return character is <= '\x7F' or '´' ? character : StandIn;
    }

    public int Mark() => -1;

    public void Release(int marker)
    {
        // The whole text is in memory: nothing to release.
    }

    public void Seek(int index) => Index = index;

    public string GetText(Interval interval) => text.Substring(interval.a, Math.Min(interval.b + 1, text.Length) - interval.a);
}
