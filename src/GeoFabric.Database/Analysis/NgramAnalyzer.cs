using System.Buffers;
using System.Text;

namespace GeoFabric.Database.Analysis;

/// <summary>Every run of so many characters.</summary>
/// <param name="keepsOriginal">Whether the whole value is a token too when its length is none of those asked for.</param>
/// <param name="isBinary">Whether a character is a byte rather than a code point.</param>
internal sealed class NgramAnalyzer(int min, int max, bool keepsOriginal, byte[] startMarker, byte[] endMarker, bool isBinary) : Analyzer
{
    public override void Analyze(ReadOnlySpan<byte> utf8, TokenList tokens)
    {
        byte[] marked = startMarker.Length + endMarker.Length == 0 ? [] : [.. startMarker, .. utf8, .. endMarker];
        var text = marked.Length == 0 ? utf8 : marked;
        var starts = ArrayPool<int>.Shared.Rent(text.Length + 1);
        var count = 0;
        for (var at = 0; at < text.Length; count++)
        {
            starts[count] = at;
            var size = 1;
            if (!isBinary)
                Rune.DecodeFromUtf8(text[at..], out _, out size);
            at += size;
        }
        starts[count] = text.Length;
        AddAll(text, starts.AsSpan(0, count + 1), utf8.Length, tokens);
        ArrayPool<int>.Shared.Return(starts);
    }

    private void AddAll(ReadOnlySpan<byte> text, ReadOnlySpan<int> starts, int size, TokenList tokens)
    {
        var count = starts.Length - 1;
        for (var first = 0; first < count; first++)
        {
            for (var length = min; length <= max && first + length <= count; length++)
            {
                // Markers are no part of the text.
                var from = Math.Clamp(starts[first] - startMarker.Length, 0, size);
                var to = Math.Clamp(starts[first + length] - startMarker.Length, 0, size);
                if (!tokens.Add(text[starts[first]..starts[first + length]], first, from, to - from))
                    return;
            }
        }
        if (keepsOriginal && count > 0 && (count < min || count > max))
            tokens.Add(text, 0);
    }
}
