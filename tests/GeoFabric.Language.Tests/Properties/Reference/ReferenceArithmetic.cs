using System.Numerics;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Properties.Reference;

/// <summary>The arithmetic operators on numbers: integers without bounds first, which become doubles only where they do not fit or do not divide.</summary>
internal static class ReferenceArithmetic
{
    public static Value Apply(BinaryOperator operation, Value left, Value right, ReferenceContext context)
    {
        if (operation is BinaryOperator.Divide or BinaryOperator.Modulo && right.Number == 0)
        {
            context.Warn(ErrorCodes.DivisionByZero);
            return Value.Null;
        }
        if (left.IsInteger && right.IsInteger && Whole(operation, left.Integer, right.Integer) is { } whole && whole >= long.MinValue && whole <= long.MaxValue)
            return Value.FromInteger((long)whole);
        var result = operation switch
        {
            BinaryOperator.Add => left.Number + right.Number,
            BinaryOperator.Subtract => left.Number - right.Number,
            BinaryOperator.Multiply => left.Number * right.Number,
            BinaryOperator.Divide => left.Number / right.Number,
            _ => left.Number % right.Number,
        };
        return double.IsFinite(result) ? Value.FromDouble(result == 0 ? 0 : result) : Value.Null;
    }

    private static BigInteger? Whole(BinaryOperator operation, BigInteger left, BigInteger right) => operation switch
    {
        BinaryOperator.Add => left + right,
        BinaryOperator.Subtract => left - right,
        BinaryOperator.Multiply => left * right,
        BinaryOperator.Divide => left % right == 0 ? left / right : null,
        _ => left % right,
    };
}
