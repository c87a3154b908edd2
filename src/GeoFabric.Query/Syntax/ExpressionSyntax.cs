using System.Collections.Immutable;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Syntax;

/// <summary>An expression as written. Names are not resolved yet: a <see cref="NameSyntax"/> may be a variable, a collection or a view.</summary>
public abstract record ExpressionSyntax(SourceSpan Span);

/// <summary>A literal null, boolean, number or string.</summary>
public sealed record LiteralSyntax(Value Value, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary>A name standing alone; CURRENT, OLD and NEW are names too.</summary>
public sealed record NameSyntax(string Name, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>@name</c>; <see cref="Name"/> is without the sign.</summary>
public sealed record ValueParameterSyntax(string Name, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>@@name</c>; <see cref="Name"/> keeps one sign, as the key in bindVars does: <c>@name</c>.</summary>
public sealed record CollectionParameterSyntax(string Name, SourceSpan Span) : ExpressionSyntax(Span);

public sealed record ArraySyntax(ImmutableArray<ExpressionSyntax> Items, SourceSpan Span) : ExpressionSyntax(Span);

public sealed record ObjectSyntax(ImmutableArray<ObjectMemberSyntax> Members, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary>One member of an object literal. <paramref name="Name"/> is a literal string for plain names, any expression for <c>[expr]:</c> and <c>@bind:</c>.</summary>
public sealed record ObjectMemberSyntax(ExpressionSyntax Name, ExpressionSyntax Value, SourceSpan Span);

/// <summary><c>target.name</c>.</summary>
public sealed record AttributeSyntax(ExpressionSyntax Target, string Name, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>target.@name</c>: a string is one attribute, an array of strings a path.</summary>
public sealed record BoundAttributeSyntax(ExpressionSyntax Target, ValueParameterSyntax Parameter, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>target[index]</c>.</summary>
public sealed record IndexSyntax(ExpressionSyntax Target, ExpressionSyntax Index, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary>
/// <c>target[*]</c> with its tail: <paramref name="Depth"/> stars flatten by Depth - 1 first. The tail (<c>.x.y[0]</c>) is
/// <paramref name="Projection"/>, an expression over the element, which appears in it as the name <see cref="ElementName"/>; null when there is none.
/// </summary>
public sealed record ExpansionSyntax(
    ExpressionSyntax Target,
    int Depth,
    ExpressionSyntax? Filter,
    ExpressionSyntax? LimitOffset,
    ExpressionSyntax? LimitCount,
    ExpressionSyntax? Return,
    ExpressionSyntax? Projection,
    SourceSpan Span) : ExpressionSyntax(Span)
{
    /// <summary>The element inside <see cref="Projection"/>. No user name can contain a blank unless quoted, and none starts with one here.</summary>
    public const string ElementName = " element";
}

public enum QuantifierKind
{
    Any,
    All,
    None,
    AtLeast,
    Exactly,
    Between,
}

/// <summary>A quantifier of array comparisons and question-mark operators; <paramref name="Count"/> for AT LEAST and exactly, both bounds for between.</summary>
public sealed record QuantifierSyntax(QuantifierKind Kind, ExpressionSyntax? Count, ExpressionSyntax? Upper);

/// <summary><c>target[? quantifier FILTER condition]</c>; without a condition it asks for the number of elements.</summary>
public sealed record QuestionMarkSyntax(ExpressionSyntax Target, QuantifierSyntax Quantifier, ExpressionSyntax? Condition, SourceSpan Span) : ExpressionSyntax(Span);

public enum UnaryOperator
{
    Not,
    Plus,
    Minus,
}

public sealed record UnarySyntax(UnaryOperator Operator, ExpressionSyntax Operand, SourceSpan Span) : ExpressionSyntax(Span);

public enum BinaryOperator
{
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
    Like,
    NotLike,
    Matches,
    NotMatches,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

public sealed record BinarySyntax(BinaryOperator Operator, ExpressionSyntax Left, ExpressionSyntax Right, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>left ALL == right</c>; the operator is one of the comparisons, IN or NOT IN.</summary>
public sealed record ArrayComparisonSyntax(QuantifierSyntax Quantifier, BinaryOperator Operator, ExpressionSyntax Left, ExpressionSyntax Right, SourceSpan Span) : ExpressionSyntax(Span);

public sealed record RangeSyntax(ExpressionSyntax Start, ExpressionSyntax End, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>condition ? whenTrue : whenFalse</c>; <paramref name="WhenTrue"/> is null in the shortcut <c>a ? : b</c>.</summary>
public sealed record ConditionalSyntax(ExpressionSyntax Condition, ExpressionSyntax? WhenTrue, ExpressionSyntax WhenFalse, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary>A call; the name is upper-cased and keeps its namespace (<c>NS::NAME</c>).</summary>
public sealed record CallSyntax(string Name, ImmutableArray<ExpressionSyntax> Arguments, SourceSpan Span) : ExpressionSyntax(Span);

public sealed record SubquerySyntax(QuerySyntax Query, SourceSpan Span) : ExpressionSyntax(Span);
