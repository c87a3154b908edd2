using System.Runtime.CompilerServices;
using GeoFabric.Database.Analysis;
using GeoFabric.Database.Inverted;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Search;

/// <summary>Makes the condition behind SEARCH something that indexes can answer; the values in it are computed now.</summary>
/// <remarks>
/// Comparisons hold for values of the bound's own type only: a missing attribute is no null, and null is not less than a number. Strings compare by their
/// bytes, as their terms are kept.
/// </remarks>
internal sealed class SearchConditionReader(SearchScope scope)
{
    private readonly SearchCallReader _calls = new(scope);

    /// <param name="knowsPositions">Whether any of the indexes knows items of arrays by their positions.</param>
    public static SearchCondition Read(Expression condition, Variable document, EvaluationContext context, Value[] row, bool knowsPositions) =>
        new SearchConditionReader(new SearchScope(document, context, row) { KnowsPositions = knowsPositions }).Read(condition, SearchTraits.Default);

    /// <summary>
    /// A condition that holds at least for all documents a filter of equalities lets pass. Values that a missing attribute or a whole array equals find all.
    /// </summary>
    public static SearchCondition ReadCandidates(Expression condition, Variable document, EvaluationContext context, Value[] row)
    {
        var scope = new SearchScope(document, context, row);
        var parts = new List<SearchCondition>();
        for (var rest = condition; ; rest = ((LogicalExpression)rest).Left)
        {
            var last = rest is LogicalExpression chain ? chain.Right : rest;
            // A long list of values has become a set.
            var comparison = last is InSetExpression set ? new ComparisonExpression(BinaryOperator.In, set.Operand, set.Array) : (ComparisonExpression)last;
            parts.Add(ReadCandidates(comparison, scope));
            if (rest is not LogicalExpression)
                return SearchCondition.And(parts);
        }
    }

    private static SearchCondition ReadCandidates(ComparisonExpression comparison, SearchScope scope)
    {
        var isTurned = !scope.TryReadPath(comparison.Left, out var path);
        if (isTurned)
            path = scope.ReadPath(comparison.Right, "FILTER");
        var value = scope.Evaluate(isTurned ? comparison.Left : comparison.Right);
        var isFound = path!.IsTooLong || (comparison.Operator == BinaryOperator.In ? value.IsArray && HasUnfindable(value) : IsUnfindable(value));
        return isFound ? SearchCondition.All : Compare(path, comparison.Operator, value, SearchTraits.Default);
    }

    private static bool HasUnfindable(Value values)
    {
        foreach (var item in values.Items)
        {
            if (IsUnfindable(item))
                return true;
        }
        return values.Items.Count > SearchLimits.NamedTermsMax;
    }

    private static bool IsUnfindable(Value value) => value.IsNull || value.IsArray || value.IsObject;

    public SearchCondition Read(Expression condition, SearchTraits traits)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (!scope.IsAbout(condition))
            return scope.Evaluate(condition).IsTruthy ? SearchCondition.All : SearchCondition.None;
        return condition switch
        {
            LogicalExpression { IsAnd: true } => SearchCondition.And(ReadChain(condition, isAnd: true, traits)),
            LogicalExpression => SearchCondition.Or(ReadChain(condition, isAnd: false, traits)),
            UnaryExpression { Operator: UnaryOperator.Not } not => Negate(Read(not.Operand, traits)),
            ComparisonExpression comparison => ReadComparison(comparison, traits),
            ArrayComparisonExpression comparison => ReadArrayComparison(comparison, traits),
            InSetExpression set => ReadSet(set, traits),
            PatternExpression { Operator: BinaryOperator.Like or BinaryOperator.NotLike } pattern => ReadPattern(pattern, traits),
            // Whether it holds for documents without the array depends on how many items are wanted.
            QuestionMarkExpression items => scope.OnDocuments(items, traits, holdsWithout: !items.NeedsItems),
            CallExpression call => _calls.Read(call, traits, Read),
            _ => throw SearchScope.Unsupported(condition),
        };
    }

    public static SearchCondition Negate(SearchCondition condition) =>
        condition == SearchCondition.All ? SearchCondition.None
        : condition == SearchCondition.None ? SearchCondition.All
        : condition is NotCondition not ? not.Negated
        : new NotCondition(condition);

    /// <summary>An attribute compared with a value.</summary>
    public static SearchCondition Compare(SearchPath path, BinaryOperator operation, Value value, SearchTraits traits)
    {
        switch (operation)
        {
            case BinaryOperator.Equal:
                return EqualTo(path, value, traits);
            case BinaryOperator.NotEqual:
                return Negate(EqualTo(path, value, traits));
            case BinaryOperator.In:
                return value.IsArray ? SearchCondition.Or(EachOf(path, value, traits)) : SearchCondition.None;
            case BinaryOperator.NotIn:
                return value.IsArray ? Negate(Compare(path, BinaryOperator.In, value, traits)) : SearchCondition.None;
            case BinaryOperator.Less:
                return InRange(path, null, false, value, false, traits);
            case BinaryOperator.LessOrEqual:
                return InRange(path, null, false, value, true, traits);
            case BinaryOperator.Greater:
                return InRange(path, value, false, null, false, traits);
            default:
                return InRange(path, value, true, null, false, traits);
        }
    }

    /// <summary>An attribute between two bounds of one type, of which one may be left out.</summary>
    public static SearchCondition InRange(SearchPath path, Value? lower, bool includesLower, Value? upper, bool includesUpper, SearchTraits traits)
    {
        var bound = lower ?? upper ?? Value.Null;
        if ((lower is not null && upper is not null && lower.Value.Kind != upper.Value.Kind) || bound.IsArray || bound.IsObject)
            return SearchCondition.None;
        if (bound.IsString)
        {
            var bounds = new TermBounds(
                lower is null ? [] : BoundTerm(lower.Value, traits), includesLower || lower is null, upper is null ? null : BoundTerm(upper.Value, traits), includesUpper);
            return new TermSetCondition(path, traits.Analyzer.Name, bounds, traits.Boost);
        }
        var (start, end) = SearchTerms.RangeOf(bound);
        return new TermSetCondition(
            path,
            SearchTerms.Values,
            new TermBounds(lower is null ? start : SearchTerms.Of(lower.Value), includesLower || lower is null, upper is null ? end : SearchTerms.Of(upper.Value), includesUpper && upper is not null),
            traits.Boost);
    }

    private List<SearchCondition> ReadChain(Expression condition, bool isAnd, SearchTraits traits)
    {
        var parts = new List<SearchCondition>();
        var rest = condition;
        // The parser makes chains that lean to the left: walked, not recursed into, however long they are.
        while (rest is LogicalExpression chain && chain.IsAnd == isAnd)
        {
            parts.Add(Read(chain.Right, traits));
            rest = chain.Left;
        }
        parts.Add(Read(rest, traits));
        parts.Reverse();
        return isAnd || !parts.Contains(SearchCondition.All) ? WithoutNone(parts, isAnd) : [SearchCondition.All];
    }

    private static List<SearchCondition> WithoutNone(List<SearchCondition> parts, bool isAnd)
    {
        if (!isAnd && parts.Count > 1)
        {
            parts.RemoveAll(part => part == SearchCondition.None);
            if (parts.Count == 0)
                parts.Add(SearchCondition.None);
        }
        return parts;
    }

    private SearchCondition ReadComparison(ComparisonExpression comparison, SearchTraits traits)
    {
        if (scope.TryReadPath(comparison.Left, out var path))
            return Compare(path, comparison.Operator, scope.Evaluate(comparison.Right), traits);
        if (!scope.TryReadPath(comparison.Right, out path))
            return IsDistance(comparison.Left) || IsDistance(comparison.Right) ? scope.OnDocuments(comparison, traits) : throw SearchScope.Unsupported(comparison);
        var value = scope.Evaluate(comparison.Left);
        return comparison.Operator switch
        {
            // A value in an array is found as an item of it.
            BinaryOperator.In => EqualTo(path, value, traits),
            BinaryOperator.NotIn => Negate(EqualTo(path, value, traits)),
            _ => Compare(path, Turn(comparison.Operator), value, traits),
        };
    }

    private bool IsDistance(Expression expression) => expression is CallExpression { Function.Name: "GEO_DISTANCE" or "DISTANCE" } && scope.IsAbout(expression);

    /// <summary>Items of an array of values against an attribute, or the items of an attribute against a value.</summary>
    private SearchCondition ReadArrayComparison(ArrayComparisonExpression comparison, SearchTraits traits)
    {
        if (scope.TryReadPath(comparison.Left, out var path))
        {
            var any = Compare(path, comparison.Operator, scope.Evaluate(comparison.Right), traits);
            return comparison.Quantifier switch
            {
                QuantifierKind.Any => any,
                QuantifierKind.None => Negate(any),
                _ => throw SearchScope.Unsupported(comparison),
            };
        }
        if (!scope.TryReadPath(comparison.Right, out path))
            throw SearchScope.Unsupported(comparison);
        var values = scope.Evaluate(comparison.Left);
        if (!values.IsArray)
            return SearchCondition.None;
        CheckCount(values.Items.Count);
        var parts = new List<SearchCondition>();
        foreach (var item in values.Items)
        {
            parts.Add(comparison.Operator is BinaryOperator.In or BinaryOperator.NotIn
                ? Compare(path, comparison.Operator == BinaryOperator.In ? BinaryOperator.Equal : BinaryOperator.NotEqual, item, traits)
                : Compare(path, Turn(comparison.Operator), item, traits));
        }
        return comparison.Quantifier switch
        {
            QuantifierKind.All => SearchCondition.And(parts),
            QuantifierKind.Any => SearchCondition.Or(parts),
            QuantifierKind.None => parts.Count == 0 ? SearchCondition.All : Negate(SearchCondition.Or(parts)),
            _ => SearchCondition.AtLeast(parts, Casts.ToInteger(scope.Evaluate(comparison.Count!))),
        };
    }

    private SearchCondition ReadSet(InSetExpression set, SearchTraits traits) => scope.TryReadPath(set.Operand, out var path)
        ? Compare(path, set.IsNegated ? BinaryOperator.NotIn : BinaryOperator.In, set.Array.Value, traits)
        : throw SearchScope.Unsupported(set);

    private SearchCondition ReadPattern(PatternExpression pattern, SearchTraits traits)
    {
        if (!scope.TryReadPath(pattern.Left, out var path))
            throw SearchScope.Unsupported(pattern);
        var like = Like(path, Casts.ToText(scope.Evaluate(pattern.Right)).Utf8, traits);
        return pattern.Operator == BinaryOperator.NotLike ? Negate(like) : like;
    }

    /// <summary>An attribute has a term that matches a pattern of LIKE.</summary>
    public static TermSetCondition Like(SearchPath path, ReadOnlySpan<byte> pattern, SearchTraits traits)
    {
        var copy = pattern.ToArray();
        return new TermSetCondition(path, traits.Analyzer.Name, TermBounds.WithPrefix(TextPatterns.LiteralPrefix(pattern)), traits.Boost)
        {
            Test = term => TextPatterns.IsLike(term, copy),
        };
    }

    private static SearchCondition EqualTo(SearchPath path, Value value, SearchTraits traits) => value.Kind switch
    {
        ValueKind.String => new TermCondition(path, traits.Analyzer.Name, BoundTerm(value, traits), traits.Boost),
        ValueKind.Array or ValueKind.Object => SearchCondition.None,
        _ => new TermCondition(path, SearchTerms.Values, SearchTerms.Of(value), traits.Boost),
    };

    private static List<SearchCondition> EachOf(SearchPath path, Value values, SearchTraits traits)
    {
        CheckCount(values.Items.Count);
        var parts = new List<SearchCondition>();
        var seen = new HashSet<Value>();
        foreach (var item in values.Items)
        {
            if (seen.Add(item) && EqualTo(path, item, traits) is var part && part != SearchCondition.None)
                parts.Add(part);
        }
        return parts;
    }

    /// <summary>The term a string in a comparison stands for: itself, but for the sort keys of a language, which nobody can write.</summary>
    private static byte[] BoundTerm(Value value, SearchTraits traits)
    {
        if (traits.Analyzer.Type != "collation")
            return value.Utf8.ToArray();
        var tokens = new TokenList();
        traits.Analyzer.Instance.Analyze(value.Utf8, tokens);
        return tokens[0].ToArray();
    }

    private static void CheckCount(int count)
    {
        if (count > SearchLimits.NamedTermsMax)
            throw ErrorCodes.ResourceLimit.With($"a condition of SEARCH names {count} values; at most {SearchLimits.NamedTermsMax}");
    }

    private static BinaryOperator Turn(BinaryOperator operation) => operation switch
    {
        BinaryOperator.Less => BinaryOperator.Greater,
        BinaryOperator.LessOrEqual => BinaryOperator.GreaterOrEqual,
        BinaryOperator.Greater => BinaryOperator.Less,
        BinaryOperator.GreaterOrEqual => BinaryOperator.LessOrEqual,
        _ => operation,
    };
}
