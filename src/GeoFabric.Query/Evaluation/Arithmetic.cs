using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Evaluation;

/// <summary>
/// The arithmetic operators (specification, section 4). Operands go through <see cref="Casts.ToNumber"/>. Integers stay exact; a result that
/// does not fit into 64 bits becomes a double, one that is not finite becomes null.
/// </summary>
public static class Arithmetic
{
    public static Value Add(Value left, Value right)
    {
        left = Casts.ToNumber(left);
        right = Casts.ToNumber(right);
        if (left.IsInteger && right.IsInteger)
        {
            var sum = unchecked(left.Integer + right.Integer);
            // The sum overflowed exactly when its sign differs from that of both operands.
            if (((left.Integer ^ sum) & (right.Integer ^ sum)) >= 0)
                return Value.FromInteger(sum);
        }
        return Value.FromDouble(left.Number + right.Number);
    }

    public static Value Subtract(Value left, Value right)
    {
        left = Casts.ToNumber(left);
        right = Casts.ToNumber(right);
        if (left.IsInteger && right.IsInteger)
        {
            var difference = unchecked(left.Integer - right.Integer);
            if (((left.Integer ^ right.Integer) & (left.Integer ^ difference)) >= 0)
                return Value.FromInteger(difference);
        }
        return Value.FromDouble(left.Number - right.Number);
    }

    public static Value Multiply(Value left, Value right)
    {
        left = Casts.ToNumber(left);
        right = Casts.ToNumber(right);
        if (left.IsInteger && right.IsInteger)
        {
            var high = Math.BigMul(left.Integer, right.Integer, out var low);
            if (high == low >> 63)
                return Value.FromInteger(low);
        }
        return Value.FromDouble(left.Number * right.Number);
    }

    /// <summary>An integer when two integers divide exactly, a double otherwise; null with warning 1562 when <paramref name="right"/> is 0.</summary>
    public static Value Divide(Value left, Value right, EvaluationContext context)
    {
        left = Casts.ToNumber(left);
        right = Casts.ToNumber(right);
        if (right.Number == 0)
            return DivisionByZero(context);
        if (left.IsInteger && right.IsInteger && !IsOverflowingQuotient(left.Integer, right.Integer))
        {
            var (quotient, remainder) = Math.DivRem(left.Integer, right.Integer);
            if (remainder == 0)
                return Value.FromInteger(quotient);
        }
        return Value.FromDouble(left.Number / right.Number);
    }

    /// <summary>The remainder, with the sign of <paramref name="left"/>; null with warning 1562 when <paramref name="right"/> is 0.</summary>
    public static Value Modulo(Value left, Value right, EvaluationContext context)
    {
        left = Casts.ToNumber(left);
        right = Casts.ToNumber(right);
        if (right.Number == 0)
            return DivisionByZero(context);
        if (left.IsInteger && right.IsInteger)
            return Value.FromInteger(right.Integer == -1 ? 0 : left.Integer % right.Integer);
        return Value.FromDouble(left.Number % right.Number);
    }

    public static Value Negate(Value operand)
    {
        operand = Casts.ToNumber(operand);
        return operand.IsInteger && operand.Integer != long.MinValue
            ? Value.FromInteger(-operand.Integer)
            : Value.FromDouble(-operand.Number);
    }

    public static Value Plus(Value operand) => Casts.ToNumber(operand);

    private static bool IsOverflowingQuotient(long left, long right) => left == long.MinValue && right == -1;

    private static Value DivisionByZero(EvaluationContext context)
    {
        context.Warn(ErrorCodes.DivisionByZero, "the right operand is 0");
        return default;
    }
}
