using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace GeoFabric.Database.Analysis;

/// <summary>Words of a natural language: cut at word boundaries, brought to one case, without accents and stop words, cut down to their stems.</summary>
internal sealed class TextAnalyzer(TextNormalizer normalizer, SnowballStemmer? stemmer, IReadOnlyCollection<string> stopWords, int lengthMin = 1) : Analyzer
{
    private readonly FrozenSet<string> _stopWords = stopWords.ToFrozenSet(StringComparer.Ordinal);

    public override void Analyze(ReadOnlySpan<byte> utf8, TokenList tokens)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(256);
        var rented = buffer;
        var borrowed = stemmer?.Rent();
        var position = 0;
        var words = new WordSegments(utf8);
        while (words.MoveNext())
        {
            var word = normalizer.Normalize(words.Current, ref buffer);
            if (word.IsEmpty || IsShort(word) || IsStopWord(word))
                continue;
            if (!tokens.Add(borrowed is null ? word : borrowed.Stem(word), position++, words.Start, words.Current.Length))
                break;
        }
        if (borrowed is not null)
            stemmer!.Return(borrowed);
        ArrayPool<byte>.Shared.Return(rented);
    }

    private bool IsShort(ReadOnlySpan<byte> word) => lengthMin > 1 && Encoding.UTF8.GetCharCount(word) < lengthMin;

    private bool IsStopWord(ReadOnlySpan<byte> word)
    {
        if (_stopWords.Count == 0 || word.Length > 256)
            return false;
        Span<char> characters = stackalloc char[256];
        var count = Encoding.UTF8.GetChars(word, characters);
        return _stopWords.GetAlternateLookup<ReadOnlySpan<char>>().Contains(characters[..count]);
    }
}
