using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Properties.Reference;

/// <summary>Evaluates expressions straight from the syntax tree (specification, section 4). Functions are those of the catalogue; everything else is done here.</summary>
/// <param name="subquery">Runs a subquery on a row.</param>
internal sealed class ReferenceExpressions(ReferenceContext context, ReferenceData data, Value bindVars, Func<QuerySyntax, ReferenceRow?, Value> subquery)
{
    private const long RangeItemsMax = 10_000_000;

    private readonly Dictionary<QuerySyntax, Value> _constantSubqueries = new(ReferenceEqualityComparer.Instance);

    public Value Evaluate(ExpressionSyntax syntax, ReferenceRow? row)
    {
        context.Step();
        return syntax switch
        {
            LiteralSyntax literal => literal.Value,
            NameSyntax name => ReferenceRow.TryFind(row, name.Name, out var value) ? value : throw ErrorCodes.DataSourceNotFound.With(name.Name),
            ValueParameterSyntax parameter => Parameter(parameter),
            ArraySyntax array => Value.FromList([.. array.Items.Select(item => Evaluate(item, row))]),
            ObjectSyntax members => ReferenceValues.Object(members.Members.Select(member => (Text(Evaluate(member.Name, row)), Evaluate(member.Value, row))).ToList()),
            AttributeSyntax attribute => ReferenceValues.Attribute(Evaluate(attribute.Target, row), attribute.Name),
            BoundAttributeSyntax attribute => BoundAttribute(Evaluate(attribute.Target, row), Parameter(attribute.Parameter)),
            IndexSyntax index => Subscript(index, row),
            ExpansionSyntax expansion => Expand(expansion, row),
            QuestionMarkSyntax question => Ask(question, row),
            UnarySyntax { Operator: UnaryOperator.Not } not => Value.FromBoolean(!IsTrue(not.Operand, row)),
            UnarySyntax { Operator: UnaryOperator.Plus } plus => Number(Evaluate(plus.Operand, row)),
            UnarySyntax minus => ReferenceArithmetic.Apply(BinaryOperator.Subtract, Value.FromInteger(0), Number(Evaluate(minus.Operand, row)), context),
            BinarySyntax binary => Binary(binary, row),
            ArrayComparisonSyntax comparison => CompareItems(comparison, row),
            RangeSyntax range => Range(Integer(Evaluate(range.Start, row)), Integer(Evaluate(range.End, row))),
            ConditionalSyntax conditional => Choose(conditional, row),
            CallSyntax call => Call(call, row),
            SubquerySyntax inner => RunSubquery(inner.Query, row),
            _ => throw new NotSupportedException(syntax.GetType().Name),
        };
    }

    public bool IsTrue(ExpressionSyntax syntax, ReferenceRow? row) => ReferenceValues.IsTrue(Evaluate(syntax, row));

    public long Integer(Value value)
    {
        var number = Number(value);
        if (number.IsInteger)
            return number.Integer;
        var whole = Math.Truncate(number.Number);
        return whole >= 9.2e18 ? long.MaxValue : whole <= -9.2e18 ? long.MinValue : (long)whole;
    }

    public Value Call(string name, params Value[] arguments) => context.Call(name, arguments);

    public static bool Compare(BinaryOperator operation, Value left, Value right) => operation switch
    {
        BinaryOperator.Equal => ReferenceValues.AreEqual(left, right),
        BinaryOperator.NotEqual => !ReferenceValues.AreEqual(left, right),
        BinaryOperator.Less => ReferenceValues.Compare(left, right) < 0,
        BinaryOperator.LessOrEqual => ReferenceValues.Compare(left, right) <= 0,
        BinaryOperator.Greater => ReferenceValues.Compare(left, right) > 0,
        BinaryOperator.GreaterOrEqual => ReferenceValues.Compare(left, right) >= 0,
        BinaryOperator.In => right.IsArray && ReferenceValues.Items(right).Exists(item => ReferenceValues.AreEqual(left, item)),
        BinaryOperator.NotIn => right.IsArray && !ReferenceValues.Items(right).Exists(item => ReferenceValues.AreEqual(left, item)),
        _ => throw new NotSupportedException(operation.ToString()),
    };

    private Value Parameter(ValueParameterSyntax parameter) => ReferenceValues.Attribute(bindVars, parameter.Name);

    private static Value BoundAttribute(Value target, Value path)
    {
        foreach (var name in path.IsArray ? ReferenceValues.Items(path) : [path])
            target = ReferenceValues.Attribute(target, name.Text);
        return target;
    }

    private Value Binary(BinarySyntax binary, ReferenceRow? row)
    {
        var left = Evaluate(binary.Left, row);
        switch (binary.Operator)
        {
            case BinaryOperator.And:
                return ReferenceValues.IsTrue(left) ? Evaluate(binary.Right, row) : left;
            case BinaryOperator.Or:
                return ReferenceValues.IsTrue(left) ? left : Evaluate(binary.Right, row);
        }
        var right = Evaluate(binary.Right, row);
        switch (binary.Operator)
        {
            case BinaryOperator.Like or BinaryOperator.NotLike:
                return Value.FromBoolean(ReferenceValues.IsTrue(context.Call("LIKE", left, right)) == (binary.Operator == BinaryOperator.Like));
            case BinaryOperator.Matches or BinaryOperator.NotMatches:
                var match = context.Call("REGEX_TEST", left, right);
                return match.IsNull ? match : Value.FromBoolean(ReferenceValues.IsTrue(match) == (binary.Operator == BinaryOperator.Matches));
            case BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply or BinaryOperator.Divide or BinaryOperator.Modulo:
                return ReferenceArithmetic.Apply(binary.Operator, Number(left), Number(right), context);
            default:
                return Value.FromBoolean(Compare(binary.Operator, left, right));
        }
    }

    private Value Choose(ConditionalSyntax conditional, ReferenceRow? row)
    {
        var condition = Evaluate(conditional.Condition, row);
        if (!ReferenceValues.IsTrue(condition))
            return Evaluate(conditional.WhenFalse, row);
        return conditional.WhenTrue is null ? condition : Evaluate(conditional.WhenTrue, row);
    }

    private Value Subscript(IndexSyntax syntax, ReferenceRow? row)
    {
        var target = Evaluate(syntax.Target, row);
        if (!target.IsArray && !target.IsObject)
            return Value.Null;
        var key = Evaluate(syntax.Index, row);
        if (target.IsObject)
            return key.IsString || key.IsNumber ? ReferenceValues.Attribute(target, Text(key)) : Value.Null;
        if (!key.IsNumber && !(key.IsString && key.Text.TrimStart('-').Length > 0 && key.Text.TrimStart('-').All(char.IsAsciiDigit)))
            return Value.Null;
        var items = ReferenceValues.Items(target);
        var position = Integer(key);
        return items.ElementAtOrDefault((int)Math.Clamp(position < 0 ? position + items.Count : position, -1, int.MaxValue));
    }

    private Value Expand(ExpansionSyntax syntax, ReferenceRow? row)
    {
        var array = Evaluate(syntax.Target, row);
        if (!array.IsArray)
            return Value.EmptyArray;
        var items = Flatten(array, syntax.Depth - 1);
        var offset = syntax.LimitOffset is null ? 0 : Integer(Evaluate(syntax.LimitOffset, row));
        var count = syntax.LimitCount is null ? int.MaxValue : Integer(Evaluate(syntax.LimitCount, row));
        if (offset < 0 || count < 0)
            return Value.EmptyArray;
        var results = new List<Value>();
        foreach (var item in items)
        {
            if (results.Count >= count)
                break;
            var inner = Element(row, item);
            if (syntax.Filter is not null && !IsTrue(syntax.Filter, inner))
                continue;
            if (offset-- > 0)
                continue;
            var result = syntax.Return is null ? item : Evaluate(syntax.Return, inner);
            results.Add(syntax.Projection is null ? result : Evaluate(syntax.Projection, Element(row, result)));
        }
        return Value.FromList(results);
    }

    private static ReferenceRow Element(ReferenceRow? row, Value item) => new(ExpansionSyntax.ElementName, item, new ReferenceRow("CURRENT", item, row));

    private static List<Value> Flatten(Value array, int levels) =>
        [.. ReferenceValues.Items(array).SelectMany(item => levels > 0 && item.IsArray ? Flatten(item, levels - 1) : [item])];

    private Value Ask(QuestionMarkSyntax syntax, ReferenceRow? row)
    {
        var target = Evaluate(syntax.Target, row);
        var items = target.IsArray ? ReferenceValues.Items(target) : [];
        var matches = items.Count(item => syntax.Condition is null || IsTrue(syntax.Condition, Element(row, item)));
        var bound = syntax.Quantifier.Count is null ? 0 : Integer(Evaluate(syntax.Quantifier.Count, row));
        return Value.FromBoolean(syntax.Quantifier.Kind switch
        {
            QuantifierKind.Any => matches > 0,
            QuantifierKind.All => matches == items.Count,
            QuantifierKind.None => matches == 0,
            QuantifierKind.AtLeast => matches >= bound,
            QuantifierKind.Exactly => matches == bound,
            _ => matches >= bound && matches <= Integer(Evaluate(syntax.Quantifier.Upper!, row)),
        });
    }

    private Value CompareItems(ArrayComparisonSyntax syntax, ReferenceRow? row)
    {
        var left = Evaluate(syntax.Left, row);
        var right = Evaluate(syntax.Right, row);
        // IN over no array is false whatever the quantifier.
        if (!left.IsArray || (syntax.Operator is BinaryOperator.In or BinaryOperator.NotIn && !right.IsArray))
            return Value.False;
        var items = ReferenceValues.Items(left);
        var matches = items.Count(item => Compare(syntax.Operator, item, right));
        return Value.FromBoolean(syntax.Quantifier.Kind switch
        {
            QuantifierKind.Any => matches > 0,
            QuantifierKind.All => matches == items.Count,
            QuantifierKind.None => matches == 0,
            _ => matches >= Integer(Evaluate(syntax.Quantifier.Count!, row)),
        });
    }

    private static Value Range(long first, long last)
    {
        if (Int128.Abs((Int128)first - last) >= RangeItemsMax)
            throw ErrorCodes.NumberOutOfRange.With($"{first}..{last}");
        var items = new List<Value>();
        for (var i = first; i != last; i += first < last ? 1 : -1)
            items.Add(Value.FromInteger(i));
        items.Add(Value.FromInteger(last));
        return Value.FromList(items);
    }

    private Value Call(CallSyntax call, ReferenceRow? row)
    {
        if (call.Name is "LENGTH" or "COUNT" && call.Arguments is [NameSyntax collection] && !ReferenceRow.TryFind(row, collection.Name, out _))
            return Value.FromInteger(data.Collection(collection.Name).Count);
        if (call.Name == "DOCUMENT")
            return Document(call, row);
        if (call.Name == "APPROX_NEAR_INNER_PRODUCT")
            return Nearness(Evaluate(call.Arguments[0], row), Evaluate(call.Arguments[1], row));
        return context.Call(call.Name, [.. call.Arguments.Select(argument => Evaluate(argument, row))]);
    }

    /// <summary>The inner product of two vectors, as an index that looks through all of its lists knows it.</summary>
    private static Value Nearness(Value left, Value right) => left.IsArray && left.Items.Count == right.Items.Count
        ? Value.FromDouble(ReferenceValues.Items(left).Zip(ReferenceValues.Items(right)).Sum(pair => pair.First.Number * pair.Second.Number))
        : throw new NotSupportedException("a vector that the index does not have");

    private Value Document(CallSyntax call, ReferenceRow? row)
    {
        var collection = call.Arguments[0] is NameSyntax name && !ReferenceRow.TryFind(row, name.Name, out _) ? Value.FromString(name.Name) : Evaluate(call.Arguments[0], row);
        if (call.Arguments.Length == 1)
            return collection.IsArray ? Value.FromList([.. ReferenceValues.Items(collection).Select(Find).Where(document => !document.IsNull)]) : Find(collection);
        var wanted = Evaluate(call.Arguments[1], row);
        return wanted.IsArray ? Value.FromList([.. ReferenceValues.Items(wanted).Select(FindIn).Where(document => !document.IsNull)]) : FindIn(wanted);

        Value Find(Value id) => id.IsString ? data.Find(id.Text) : Value.Null;

        Value FindIn(Value key)
        {
            if (!collection.IsString || !key.IsString)
                return Value.Null;
            var prefix = collection.Text + "/";
            return data.Find(key.Text.StartsWith(prefix, StringComparison.Ordinal) ? key.Text : prefix + key.Text);
        }
    }

    /// <summary>A subquery that reads nothing of the row, and changes nothing, runs once for the whole query, which shows in the number of its warnings.</summary>
    private Value RunSubquery(QuerySyntax query, ReferenceRow? row)
    {
        if (_constantSubqueries.TryGetValue(query, out var known))
            return known;
        var result = subquery(query, row);
        if (!ReferenceModifications.IsIn(query) && !Names(query).Exists(name => ReferenceRow.TryFind(row, name, out _)))
            _constantSubqueries.Add(query, result);
        return result;
    }

    private static List<string> Names(object syntax)
    {
        var names = new List<string>();
        var pending = new List<object> { syntax };
        while (pending.Count > 0)
        {
            var node = pending[^1];
            pending.RemoveAt(pending.Count - 1);
            if (node is NameSyntax name)
                names.Add(name.Name);
            SyntaxChildren.Add(node, pending);
        }
        return names;
    }

    private Value Number(Value value) => context.Call("TO_NUMBER", value);

    private string Text(Value value) => context.Call("TO_STRING", value).Text;
}
