using System.Text;

namespace GeoFabric.Query.Evaluation;

/// <summary>Whether texts are within a few edits of one. Keeps its rows, so many can be measured. Not thread-safe.</summary>
/// <param name="allowsSwaps">Whether two neighbours in each other's place count as one edit.</param>
internal sealed class EditDistance(string target, int distance, bool allowsSwaps)
{
    /// <summary>Greater distances match nearly everything.</summary>
    public const int DistanceMax = 4;

    public const int DistanceMaxWithSwaps = 3;

    private readonly int[] _target = [.. target.EnumerateRunes().Select(rune => rune.Value)];
    private readonly List<int> _text = [];
    private int[] _before = [];
    private int[] _previous = [];
    private int[] _current = [];

    /// <summary>The edits that make a text the target, or -1 when they are too many.</summary>
    public int Measure(ReadOnlySpan<byte> text)
    {
        // Each edit changes the length by one character of at most four bytes.
        if (text.Length > 4 * (_target.Length + distance))
            return -1;
        _text.Clear();
        for (var rest = text; !rest.IsEmpty;)
        {
            Rune.DecodeFromUtf8(rest, out var character, out var size);
            _text.Add(character.Value);
            rest = rest[size..];
        }
        if (Math.Abs(_text.Count - _target.Length) > distance)
            return -1;
        return MeasureCharacters();
    }

    private int MeasureCharacters()
    {
        var size = _text.Count + 1;
        if (_current.Length < size)
            (_before, _previous, _current) = (new int[2 * size], new int[2 * size], new int[2 * size]);
        for (var j = 0; j < size; j++)
            _current[j] = j;
        for (var i = 1; i <= _target.Length; i++)
        {
            (_before, _previous, _current) = (_previous, _current, _before);
            // Farther from the diagonal than that, the lengths alone are too many edits; so long texts cost no more than their length.
            var (first, last) = (Math.Max(1, i - distance), Math.Min(size - 1, i + distance));
            _current[first - 1] = first == 1 ? i : distance + 1;
            if (last + 1 < size)
                _current[last + 1] = distance + 1;
            var least = _current[first - 1];
            for (var j = first; j <= last; j++)
            {
                var cost = _target[i - 1] == _text[j - 1] ? 0 : 1;
                var edits = Math.Min(Math.Min(_current[j - 1], _previous[j]) + 1, _previous[j - 1] + cost);
                if (allowsSwaps && i > 1 && j > 1 && _target[i - 1] == _text[j - 2] && _target[i - 2] == _text[j - 1])
                    edits = Math.Min(edits, _before[j - 2] + 1);
                _current[j] = edits;
                least = Math.Min(least, edits);
            }
            if (least > distance)
                return -1;
        }
        return _current[size - 1] <= distance ? _current[size - 1] : -1;
    }
}
