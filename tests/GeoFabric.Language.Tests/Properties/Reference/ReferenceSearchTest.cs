using GeoFabric.Database.Analysis;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Properties.Reference;

/// <summary>One document against a condition.</summary>
/// <param name="document">The name of the loop's variable.</param>
internal sealed class ReferenceSearchTest(ReferenceExpressions expressions, ReferenceSearchTerms terms, string document, ReferenceRow? row)
{
    public bool Holds(ExpressionSyntax condition, AnalyzerDefinition analyzer)
    {
        if (!IsAbout(condition))
            return expressions.IsTrue(condition, row);
        return condition switch
        {
            BinarySyntax { Operator: BinaryOperator.And } both => Holds(both.Left, analyzer) && Holds(both.Right, analyzer),
            BinarySyntax { Operator: BinaryOperator.Or } either => Holds(either.Left, analyzer) || Holds(either.Right, analyzer),
            UnarySyntax { Operator: UnaryOperator.Not } not => !Holds(not.Operand, analyzer),
            BinarySyntax binary => Compares(binary, analyzer),
            ArrayComparisonSyntax comparison => ComparesItems(comparison, analyzer),
            CallSyntax call => Calls(call, analyzer),
            _ => throw new NotSupportedException($"{condition.GetType().Name} in SEARCH"),
        };
    }

    private bool IsAbout(object syntax)
    {
        if (syntax is NameSyntax name)
            return name.Name == document;
        var parts = new List<object>();
        SyntaxChildren.Add(syntax, parts);
        return parts.Exists(IsAbout);
    }

    private List<string>? Path(ExpressionSyntax syntax)
    {
        switch (syntax)
        {
            case NameSyntax name when name.Name == document:
                return [];
            case AttributeSyntax attribute when Path(attribute.Target) is { } path:
                return [.. path, attribute.Name];
            case ExpansionSyntax { Filter: null, Return: null, LimitCount: null } expansion when Path(expansion.Target) is { } path:
                return expansion.Projection is null ? path : Tail(expansion.Projection) is { } tail ? [.. path, .. tail] : null;
            default:
                return null;
        }
    }

    private static List<string>? Tail(ExpressionSyntax syntax) => syntax switch
    {
        NameSyntax { Name: ExpansionSyntax.ElementName } => [],
        AttributeSyntax attribute when Tail(attribute.Target) is { } path => [.. path, attribute.Name],
        _ => null,
    };

    private List<string> DemandPath(ExpressionSyntax syntax) => Path(syntax) is { Count: > 0 } path ? path : throw new NotSupportedException("what is no attribute");

    private bool Compares(BinarySyntax binary, AnalyzerDefinition analyzer)
    {
        if (Path(binary.Left) is { Count: > 0 } path && !IsAbout(binary.Right))
            return Compares(path, binary.Operator, expressions.Evaluate(binary.Right, row), analyzer);
        path = DemandPath(binary.Right);
        var value = expressions.Evaluate(binary.Left, row);
        return binary.Operator switch
        {
            BinaryOperator.In => IsEqual(path, value, analyzer),
            BinaryOperator.NotIn => !IsEqual(path, value, analyzer),
            BinaryOperator.Equal or BinaryOperator.NotEqual or BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual =>
                Compares(path, Turned(binary.Operator), value, analyzer),
            _ => throw new NotSupportedException(binary.Operator.ToString()),
        };
    }

    private bool Compares(List<string> path, BinaryOperator operation, Value value, AnalyzerDefinition analyzer) => operation switch
    {
        BinaryOperator.Equal => IsEqual(path, value, analyzer),
        BinaryOperator.NotEqual => !IsEqual(path, value, analyzer),
        BinaryOperator.In => value.IsArray && ReferenceValues.Items(value).Exists(item => IsEqual(path, item, analyzer)),
        BinaryOperator.NotIn => value.IsArray && !ReferenceValues.Items(value).Exists(item => IsEqual(path, item, analyzer)),
        BinaryOperator.Like => Any(path, analyzer, term => IsLike(term, value)),
        BinaryOperator.NotLike => !Any(path, analyzer, term => IsLike(term, value)),
        BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual => IsOrdered(path, value, analyzer, order => operation switch
        {
            BinaryOperator.Less => order < 0,
            BinaryOperator.LessOrEqual => order <= 0,
            BinaryOperator.Greater => order > 0,
            _ => order >= 0,
        }),
        _ => throw new NotSupportedException(operation.ToString()),
    };

    private static BinaryOperator Turned(BinaryOperator operation) => operation switch
    {
        BinaryOperator.Less => BinaryOperator.Greater,
        BinaryOperator.LessOrEqual => BinaryOperator.GreaterOrEqual,
        BinaryOperator.Greater => BinaryOperator.Less,
        BinaryOperator.GreaterOrEqual => BinaryOperator.LessOrEqual,
        _ => operation,
    };

    private bool ComparesItems(ArrayComparisonSyntax comparison, AnalyzerDefinition analyzer)
    {
        if (Path(comparison.Left) is { Count: > 0 } path)
        {
            var holds = Compares(path, comparison.Operator, expressions.Evaluate(comparison.Right, row), analyzer);
            return comparison.Quantifier.Kind switch
            {
                QuantifierKind.Any => holds,
                QuantifierKind.None => !holds,
                _ => throw new NotSupportedException("ALL items of an attribute"),
            };
        }
        path = DemandPath(comparison.Right);
        var values = expressions.Evaluate(comparison.Left, row);
        if (!values.IsArray)
            return false;
        var items = ReferenceValues.Items(values);
        var count = items.Count(item => comparison.Operator switch
        {
            BinaryOperator.In => IsEqual(path, item, analyzer),
            BinaryOperator.NotIn => !IsEqual(path, item, analyzer),
            _ => Compares(path, Turned(comparison.Operator), item, analyzer),
        });
        return comparison.Quantifier.Kind switch
        {
            QuantifierKind.Any => count > 0,
            QuantifierKind.All => count == items.Count,
            QuantifierKind.None => count == 0,
            _ => count >= expressions.Integer(expressions.Evaluate(comparison.Quantifier.Count!, row)),
        };
    }

    private bool Calls(CallSyntax call, AnalyzerDefinition analyzer)
    {
        Value Argument(int at) => at < call.Arguments.Length ? expressions.Evaluate(call.Arguments[at], row) : Value.Null;

        switch (call.Name)
        {
            case "ANALYZER":
                return Holds(call.Arguments[0], Named(Argument(1)));
            case "BOOST":
                return Holds(call.Arguments[0], analyzer);
            case "MIN_MATCH":
                return call.Arguments.SkipLast(1).Count(part => Holds(part, analyzer)) >= expressions.Integer(Argument(call.Arguments.Length - 1));
            case "EXISTS":
                return Exists(DemandPath(call.Arguments[0]), Argument(1), call.Arguments.Length > 2 ? Named(Argument(2)) : analyzer);
            case "IN_RANGE":
                return IsInRange(DemandPath(call.Arguments[0]), Argument(1), Argument(2), call.Arguments.Length < 4 || ReferenceValues.IsTrue(Argument(3)), call.Arguments.Length < 5 || ReferenceValues.IsTrue(Argument(4)), analyzer);
            case "LIKE" when call.Arguments.Length == 2:
                return Any(DemandPath(call.Arguments[0]), analyzer, term => IsLike(term, Argument(1)));
            case "STARTS_WITH":
                var prefixes = Argument(1).IsString ? [Argument(1)] : ReferenceValues.Items(Argument(1));
                return prefixes.Count(prefix => Any(DemandPath(call.Arguments[0]), analyzer, term => term.AsSpan().StartsWith(prefix.Utf8))) >= (call.Arguments.Length > 2 ? expressions.Integer(Argument(2)) : 1);
            case "LEVENSHTEIN_MATCH" when call.Arguments.Length is 3 or 4:
                return Any(DemandPath(call.Arguments[0]), analyzer, term => ReferenceValues.IsTrue(
                    expressions.Call("LEVENSHTEIN_MATCH", [Value.FromUtf8(term), Argument(1), Argument(2), .. call.Arguments.Length > 3 ? new[] { Argument(3) } : []])));
            case "NGRAM_MATCH" when call.Arguments.Length == 4:
                return HasChain(terms.Texts(DemandPath(call.Arguments[0]), Named(Argument(3))), ReferenceSearchTerms.Tokens(Named(Argument(3)), Argument(1)), Argument(2).Number);
            case "PHRASE":
                return HasPhrase(DemandPath(call.Arguments[0]), [.. Enumerable.Range(1, call.Arguments.Length - 2).Select(Argument)], Named(Argument(call.Arguments.Length - 1)));
            default:
                throw new NotSupportedException($"{call.Name} in SEARCH");
        }
    }

    private static AnalyzerDefinition Named(Value name) => name.Text switch
    {
        "words" => GeneratedView.Words,
        "pairs" => GeneratedView.Pairs,
        "identity" => AnalyzerDefinition.Identity,
        _ => throw new NotSupportedException($"the analyzer {name}"),
    };

    private bool Any(List<string> path, AnalyzerDefinition analyzer, Func<byte[], bool> test) => terms.Texts(path, analyzer).Exists(text => text.Exists(token => test(token.Term)));

    private bool IsLike(byte[] term, Value pattern) => ReferenceValues.IsTrue(expressions.Call("LIKE", Value.FromUtf8(term), pattern));

    private bool IsEqual(List<string> path, Value value, AnalyzerDefinition analyzer) => value.IsString
        ? Any(path, analyzer, term => term.AsSpan().SequenceEqual(value.Utf8))
        : terms.Values(path).Exists(item => item.Kind == value.Kind && ReferenceValues.AreEqual(item, value));

    private bool IsOrdered(List<string> path, Value bound, AnalyzerDefinition analyzer, Func<int, bool> holds) => bound.IsString
        ? Any(path, analyzer, term => holds(term.AsSpan().SequenceCompareTo(bound.Utf8)))
        : terms.Values(path).Exists(item => item.Kind == bound.Kind && holds(ReferenceValues.Compare(item, bound)));

    private bool IsInRange(List<string> path, Value lower, Value upper, bool includesLower, bool includesUpper, AnalyzerDefinition analyzer)
    {
        if (lower.Kind != upper.Kind)
            return false;
        bool IsBetween(int toLower, int toUpper) => (toLower > 0 || (includesLower && toLower == 0)) && (toUpper < 0 || (includesUpper && toUpper == 0));
        return lower.IsString
            ? Any(path, analyzer, term => IsBetween(term.AsSpan().SequenceCompareTo(lower.Utf8), term.AsSpan().SequenceCompareTo(upper.Utf8)))
            : terms.Values(path).Exists(item => item.Kind == lower.Kind && IsBetween(ReferenceValues.Compare(item, lower), ReferenceValues.Compare(item, upper)));
    }

    private bool Exists(List<string> path, Value type, AnalyzerDefinition analyzer) => type.IsNull ? terms.Attributes(path).Count > 0 : type.Text switch
    {
        "analyzer" => Any(path, analyzer, _ => true),
        "null" => terms.Attributes(path).Exists(value => value.IsNull),
        "bool" => terms.Attributes(path).Exists(value => value.IsBoolean),
        "numeric" => terms.Attributes(path).Exists(value => value.IsNumber),
        "string" => terms.Attributes(path).Exists(value => value.IsString),
        "array" => terms.Attributes(path).Exists(value => value.IsArray),
        "object" => terms.Attributes(path).Exists(value => value.IsObject),
        _ => throw new NotSupportedException($"the type {type}"),
    };

    /// <summary>Texts, and numbers of words between them.</summary>
    private bool HasPhrase(List<string> path, List<Value> parts, AnalyzerDefinition analyzer)
    {
        var wanted = new List<(byte[] Term, int Place)>();
        var next = 0;
        foreach (var part in parts)
        {
            if (part.IsNumber)
            {
                next += (int)part.Number;
                continue;
            }
            var tokens = ReferenceSearchTerms.Tokens(analyzer, part);
            wanted.AddRange(tokens.Select(token => (token.Term, next + token.Position)));
            if (wanted.Count > 0)
                next = wanted[^1].Place + 1;
        }
        return wanted.Count > 0 && terms.Texts(path, analyzer).Exists(text => text.Exists(first => wanted.TrueForAll(
            part => text.Exists(token => token.Position == first.Position + part.Place - wanted[0].Place && token.Term.AsSpan().SequenceEqual(part.Term)))));
    }

    /// <summary>Whether so large a part of the target's terms come in their order. Tried are all choices of one place for each term.</summary>
    private static bool HasChain(List<List<(byte[] Term, int Position)>> texts, List<(byte[] Term, int Position)> target, double threshold)
    {
        if (texts.Count > 1)
            throw new NotSupportedException("an array of texts");
        return texts.Count == 1 && target.Count > 0 && (double)Longest(texts[0], target, 0, -1) / target.Count >= threshold;
    }

    private static int Longest(List<(byte[] Term, int Position)> text, List<(byte[] Term, int Position)> target, int at, int after)
    {
        if (at == target.Count)
            return 0;
        var longest = Longest(text, target, at + 1, after);
        foreach (var (term, position) in text)
        {
            if (position > after && term.AsSpan().SequenceEqual(target[at].Term))
                longest = Math.Max(longest, 1 + Longest(text, target, at + 1, position));
        }
        return longest;
    }
}
