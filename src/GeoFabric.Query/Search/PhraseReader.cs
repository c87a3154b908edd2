using System.Text;
using GeoFabric.Database.Analysis;
using GeoFabric.Database.Inverted;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Search;

/// <summary>
/// Reads PHRASE(path, part [, skipped words, part]* [, analyzer]). A part is a text, whose words stand one behind another, or an object that says
/// which words may stand in its place; an array holds parts and numbers of skipped words too.
/// </summary>
internal sealed class PhraseReader(SearchScope scope)
{
    private readonly List<PhraseSlot> _slots = [];
    private readonly TokenList _tokens = new();
    private SearchPath _path = null!; // Set by Read before anything else.
    private AnalyzerDefinition _analyzer = AnalyzerDefinition.Identity;
    private int _next;

    public SearchCondition Read(CallExpression call, SearchTraits traits)
    {
        _path = scope.ReadPath(call.Children[0], "PHRASE");
        var parts = call.Children.Skip(1).Select(scope.Evaluate).ToList();
        _analyzer = traits.Analyzer;
        if (NamesAnalyzer(parts))
        {
            _analyzer = scope.ReadAnalyzer(call.Children[^1], "PHRASE");
            parts.RemoveAt(parts.Count - 1);
        }
        if (parts.Count == 1 && parts[0].IsArray)
            parts = [.. Items(parts[0])];
        AddAll(parts);
        return _slots.Count == 0 ? SearchCondition.None : new PhraseCondition(_path, _analyzer.Name, _slots, traits.Boost);
    }

    /// <summary>Reads [target, distance, swaps = true, most terms = 64, prefix = ""].</summary>
    public static LevenshteinTerms ReadLevenshtein(IReadOnlyList<Value> values, string function)
    {
        if (values.Count < 2 || !values[0].IsString || !values[1].IsNumber)
            throw SearchScope.WrongArgument(function, "a text and a number of edits are needed");
        var allowsSwaps = values.Count < 3 || values[2].IsTruthy;
        var distance = Casts.ToInteger(values[1]);
        var most = allowsSwaps ? EditDistance.DistanceMaxWithSwaps : EditDistance.DistanceMax;
        if (distance < 0 || distance > most)
            throw SearchScope.WrongArgument(function, $"{distance} edits: 0 to {EditDistance.DistanceMaxWithSwaps}, or to {EditDistance.DistanceMax} without swaps");
        var termsMax = values.Count < 4 ? SearchLimits.LevenshteinTermsDefault : (int)Math.Clamp(Casts.ToInteger(values[3]), 0, SearchLimits.FoundTermsMax);
        byte[] prefix = values.Count > 4 && values[4].IsString ? values[4].Utf8.ToArray() : [];
        return new LevenshteinTerms(new EditDistance(values[0].Text, (int)distance, allowsSwaps), prefix, termsMax);
    }

    /// <summary>Parts and numbers take turns, so a second text in a row is the analyzer.</summary>
    private static bool NamesAnalyzer(List<Value> parts)
    {
        if (parts.Count < 2 || !parts[^1].IsString)
            return false;
        return !parts[^2].IsNumber;
    }

    private void AddAll(List<Value> parts)
    {
        var expectsPart = true;
        foreach (var part in parts)
        {
            if (part.IsNumber)
            {
                var skipped = Casts.ToInteger(part);
                if (expectsPart || skipped is < 0 or > 100_000)
                    throw SearchScope.WrongArgument("PHRASE", $"{skipped} words cannot be skipped here: a number from 0 stands between two parts");
                _next += (int)skipped;
                expectsPart = true;
                continue;
            }
            Add(part);
            expectsPart = false;
        }
    }

    private void Add(Value part)
    {
        if (part.IsString)
            AddText(part);
        else if (part.IsArray)
            AddAll([.. Items(part)]);
        else if (part.IsObject && part.Attributes.Count == 1)
            AddObject(part);
        else
            throw SearchScope.WrongArgument("PHRASE", $"a part must be a text, an array of parts or an object such as {{STARTS_WITH: [\"prefix\"]}}, not {SearchScope.Shorten(part)}");
    }

    private void AddText(Value text)
    {
        foreach (var (token, position) in Analyze(text))
            AddSlot(_next + position, _ => [token], found => found.SequenceEqual(token));
        if (_slots.Count > 0)
            _next = _slots[^1].Offset + 1;
    }

    private void AddObject(Value part)
    {
        foreach (var (name, value) in part.Attributes)
        {
            var values = Items(value).ToList();
            var kind = Encoding.UTF8.GetString(name).ToUpperInvariant();
            switch (kind)
            {
                case "TERM":
                    AddTerms(values);
                    break;
                case "TERMS":
                    AddTerms(values.Count == 1 && values[0].IsArray ? [.. Items(values[0])] : values);
                    break;
                case "STARTS_WITH":
                    AddFound(TermBounds.WithPrefix(Demand(values, 1, kind)[0].Utf8.ToArray()), null);
                    break;
                case "WILDCARD":
                    var pattern = Demand(values, 1, kind)[0].Utf8.ToArray();
                    AddFound(TermBounds.WithPrefix(TextPatterns.LiteralPrefix(pattern)), term => TextPatterns.IsLike(term, pattern));
                    break;
                case "LEVENSHTEIN_MATCH":
                    var terms = ReadLevenshtein(values, "PHRASE");
                    AddSlot(_next++, source => terms.Find(source, _path, _analyzer.Name), terms.Contains);
                    break;
                case "IN_RANGE":
                    Demand(values, 2, kind);
                    AddFound(new TermBounds(
                        values[0].Utf8.ToArray(), values.Count < 3 || values[2].IsTruthy, values[1].Utf8.ToArray(), values.Count < 4 || values[3].IsTruthy), null);
                    break;
                default:
                    throw SearchScope.WrongArgument("PHRASE", $"'{kind}' is none of TERM, TERMS, STARTS_WITH, WILDCARD, LEVENSHTEIN_MATCH, IN_RANGE");
            }
        }
    }

    private void AddTerms(List<Value> values)
    {
        Demand(values, values.Count, "TERMS");
        var terms = values.Select(value => value.Utf8.ToArray()).DistinctBy(Convert.ToHexString).ToList();
        AddSlot(_next++, _ => terms, found => IsAnyOf(terms, found));
    }

    private void AddFound(TermBounds bounds, TermSetCondition.TermTest? test) =>
        AddSlot(_next++, source => [.. TermSetCondition.FindTerms(source, _path, _analyzer.Name, bounds, test, SearchLimits.PhraseTermsMax)], bounds.With(test));

    private static bool IsAnyOf(List<byte[]> terms, ReadOnlySpan<byte> found)
    {
        foreach (var term in terms)
        {
            if (found.SequenceEqual(term))
                return true;
        }
        return false;
    }

    private void AddSlot(int offset, Func<SearchSource, List<byte[]>> findTerms, TermSetCondition.TermTest holds)
    {
        if (_slots.Count == SearchLimits.PhrasePartsMax)
            throw ErrorCodes.ResourceLimit.With($"a phrase has at most {SearchLimits.PhrasePartsMax} words");
        _slots.Add(new PhraseSlot(offset, findTerms, holds));
    }

    private static List<Value> Demand(List<Value> values, int count, string kind) => values.Count >= count && values.Take(count).All(value => value.IsString)
        ? values
        : throw SearchScope.WrongArgument("PHRASE", $"{kind} needs texts");

    private List<(byte[] Token, int Position)> Analyze(Value text)
    {
        _tokens.Clear();
        _analyzer.Instance.Analyze(text.Utf8, _tokens);
        var tokens = new List<(byte[], int)>();
        for (var i = 0; i < _tokens.Count; i++)
            tokens.Add((_tokens[i].ToArray(), _tokens.PositionAt(i)));
        return tokens;
    }

    private static IEnumerable<Value> Items(Value value)
    {
        if (!value.IsArray)
        {
            yield return value;
            yield break;
        }
        for (var i = 0; i < value.Items.Count; i++)
            yield return value.Items[i];
    }
}
