using GeoFabric.Database.Analysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Search;

/// <summary>Finds again in a document's strings what its search has found, and tells where that is.</summary>
/// <remarks>
/// Indexes keep which term is the how-many-eth, not where it begins: the few documents that are shown are analyzed once more instead of all that are written.
/// All parts of the condition that are not negated are looked for.
/// </remarks>
/// <param name="row">Variables around the search.</param>
internal sealed class OffsetFinder(SearchedLoop loop, EvaluationContext context, Value[] row)
{
    private const int BytesPerToken = 24;

    public Value Find(Value document, IReadOnlyList<OffsetRule> rules)
    {
        var search = FieldsOf(document);
        var targets = new List<SearchTarget>();
        if (search is not null)
            SearchConditionReader.Read(loop.Condition, loop.Document, context, row, search.KnowsPositions).AddTargets(targets);
        using var builder = new ValueBuilder();
        builder.BeginArray();
        foreach (var rule in rules)
        {
            builder.BeginObject();
            builder.WriteName("name"u8);
            builder.BeginArray();
            foreach (var step in rule.Steps)
                builder.Write(step);
            builder.EndArray();
            builder.WriteName("offsets"u8);
            builder.BeginArray();
            foreach (var (start, length) in search is null ? [] : Find(ValueAt(document, rule), rule, search, targets))
            {
                builder.BeginArray();
                builder.WriteInteger(start);
                builder.WriteInteger(length);
                builder.EndArray();
            }
            builder.EndArray();
            builder.EndObject();
        }
        builder.EndArray();
        return builder.Build();
    }

    /// <summary>What the index that found the document is over.</summary>
    private SearchField? FieldsOf(Value document)
    {
        var id = document.GetAttribute("_id"u8);
        if (!id.IsString || !context.Reader.Catalog.TryGetCollection(id.Text.Split('/')[0], out var collection))
            return null;
        return collection.Indexes.FirstOrDefault(index => loop.ViewId != 0 ? index.ViewId == loop.ViewId : index.Name == loop.IndexName)?.Search;
    }

    private static Value ValueAt(Value value, OffsetRule rule)
    {
        foreach (var step in rule.Steps)
        {
            if (step.IsString)
                value = value.GetAttribute(step.Utf8);
            else
                value = value.IsArray && step.Integer < value.Items.Count ? value.Items[(int)step.Integer] : Value.Null;
        }
        return value;
    }

    private IEnumerable<(int Start, int Length)> Find(Value value, OffsetRule rule, SearchField search, List<SearchTarget> targets)
    {
        var found = new SortedSet<(int, int)>();
        if (!value.IsString || search.Find(rule.Names) is not { } field)
            return found;
        var counts = new long[rule.Limits.Length];
        foreach (var analyzer in field.Analyzers.Where(analyzer => analyzer.HasOffsets))
        {
            TokenList? tokens = null;
            foreach (var target in targets.Where(target => target.Analyzer == analyzer.Name && rule.SearchPaths.Any(path => path.IsSame(target.Path))))
            {
                if (tokens is null)
                {
                    tokens = new TokenList();
                    analyzer.Instance.Analyze(value.Utf8, tokens);
                    context.ReserveMemory((long)BytesPerToken * tokens.Count);
                }
                foreach (var offset in Occurrences(target, tokens, value.Utf8.Length))
                {
                    if (counts[(int)target.Kind]++ < rule.Limits[(int)target.Kind])
                        found.Add(offset);
                }
            }
        }
        return found.Take((int)Math.Min(rule.Most, int.MaxValue));
    }

    private IEnumerable<(int Start, int Length)> Occurrences(SearchTarget target, TokenList tokens, int size)
    {
        for (var first = 0; first < tokens.Count; first++)
        {
            if ((first + 1) % SearchLimits.PollEvery == 0)
                context.ThrowIfStopped();
            if (!target.Terms[0].Holds(tokens[first]))
                continue;
            var (start, length) = tokens.OffsetAt(first, size);
            var end = start + length;
            var isWhole = true;
            for (int i = 1, at = first; i < target.Terms.Count && isWhole; i++)
            {
                var position = tokens.PositionAt(first) + target.Terms[i].Offset - target.Terms[0].Offset;
                while (at < tokens.Count && tokens.PositionAt(at) < position)
                    at++;
                isWhole = false;
                for (var candidate = at; candidate < tokens.Count && tokens.PositionAt(candidate) == position && !isWhole; candidate++)
                {
                    isWhole = target.Terms[i].Holds(tokens[candidate]);
                    if (isWhole)
                    {
                        var (from, extent) = tokens.OffsetAt(candidate, size);
                        end = Math.Max(end, from + extent);
                    }
                }
            }
            if (isWhole)
                yield return (start, end - start);
        }
    }
}
