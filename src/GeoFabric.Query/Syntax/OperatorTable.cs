namespace GeoFabric.Query.Syntax;

/// <summary>How tightly operators bind, loosest first; shared by the tree builder and the printer. Binary operators are left-associative.</summary>
internal static class OperatorTable
{
    public const int Conditional = 1;
    public const int Or = 2;
    public const int And = 3;

    /// <summary>An array comparison takes its left side like an operator of this strength, and its right side like its own comparison.</summary>
    public const int Quantified = 4;

    public const int Range = 8;
    public const int Unary = 11;
    public const int Postfix = 12;

    public static int Strength(BinaryOperator binaryOperator) => binaryOperator switch
    {
        BinaryOperator.Or => Or,
        BinaryOperator.And => And,
        BinaryOperator.Equal or BinaryOperator.NotEqual or BinaryOperator.Like or BinaryOperator.NotLike
            or BinaryOperator.Matches or BinaryOperator.NotMatches => 5,
        BinaryOperator.In or BinaryOperator.NotIn => 6,
        BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual => 7,
        BinaryOperator.Add or BinaryOperator.Subtract => 9,
        BinaryOperator.Multiply or BinaryOperator.Divide or BinaryOperator.Modulo => 10,
        _ => throw new ArgumentOutOfRangeException(nameof(binaryOperator), binaryOperator, "Unknown binary operator."),
    };

    public static string Symbol(BinaryOperator binaryOperator) => binaryOperator switch
    {
        BinaryOperator.Or => "||",
        BinaryOperator.And => "&&",
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.In => "IN",
        BinaryOperator.NotIn => "NOT IN",
        BinaryOperator.Like => "LIKE",
        BinaryOperator.NotLike => "NOT LIKE",
        BinaryOperator.Matches => "=~",
        BinaryOperator.NotMatches => "!~",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Modulo => "%",
        _ => throw new ArgumentOutOfRangeException(nameof(binaryOperator), binaryOperator, "Unknown binary operator."),
    };
}
