namespace GeoFabric.Query.Syntax;

/// <summary>
/// Builds the tree of a flat chain of operands and operators by precedence, without recursion. Runs of AND or OR that are longer than
/// <see cref="RunLengthMax"/> become balanced trees: both are associative, so conditions with thousands of members stay shallow.
/// </summary>
internal sealed class ChainBuilder(ExpressionSyntax first)
{
    private const int RunLengthMax = 64;

    private readonly Stack<Operand> _operands = new([new Operand(first)]);
    private readonly Stack<Operation> _operations = new();

    /// <summary>Adds an operator with its right operand.</summary>
    public void Add(BinaryOperator binaryOperator, QuantifierSyntax? quantifier, ExpressionSyntax right)
    {
        var strength = OperatorTable.Strength(binaryOperator);
        Add(new Operation(binaryOperator, quantifier, quantifier is null ? strength : OperatorTable.Quantified, strength), right);
    }

    public void AddRange(ExpressionSyntax right) => Add(new Operation(null, null, OperatorTable.Range, OperatorTable.Range), right);

    public ExpressionSyntax Build()
    {
        while (_operations.Count > 0)
            Reduce();
        return _operands.Pop().ToExpression();
    }

    private void Add(Operation operation, ExpressionSyntax right)
    {
        while (_operations.TryPeek(out var before) && before.RightStrength >= operation.LeftStrength)
            Reduce();
        _operations.Push(operation);
        _operands.Push(new Operand(right));
    }

    private void Reduce()
    {
        var operation = _operations.Pop();
        var right = _operands.Pop().ToExpression();
        var leftOperand = _operands.Pop();
        if (operation.Operator is BinaryOperator.And or BinaryOperator.Or && operation.Quantifier is null)
        {
            _operands.Push(leftOperand.Join(operation.Operator.Value, right));
            return;
        }
        var left = leftOperand.ToExpression();
        var span = new SourceSpan(left.Span.Start, right.Span.End);
        ExpressionSyntax expression = operation switch
        {
            { Operator: null } => new RangeSyntax(left, right, span),
            { Quantifier: null } => new BinarySyntax(operation.Operator.Value, left, right, span),
            _ => new ArrayComparisonSyntax(operation.Quantifier, operation.Operator.Value, left, right, span),
        };
        _operands.Push(new Operand(expression));
    }

    /// <summary>An operator waiting for the end of its right side. No operator is the range.</summary>
    private readonly record struct Operation(BinaryOperator? Operator, QuantifierSyntax? Quantifier, int LeftStrength, int RightStrength);

    /// <summary>An expression, or the members of a run of one logical operator that may still grow.</summary>
    private readonly record struct Operand(ExpressionSyntax First, BinaryOperator RunOperator = default, List<ExpressionSyntax>? Run = null)
    {
        public Operand Join(BinaryOperator runOperator, ExpressionSyntax member)
        {
            if (Run is null || RunOperator != runOperator)
            {
                var start = ToExpression();
                return new Operand(start, runOperator, [start, member]);
            }
            Run.Add(member);
            return this;
        }

        public ExpressionSyntax ToExpression()
        {
            if (Run is null)
                return First;
            if (Run.Count > RunLengthMax)
                return Halve(0, Run.Count);
            var result = Run[0];
            for (var i = 1; i < Run.Count; i++)
                result = Both(result, Run[i]);
            return result;
        }

        private ExpressionSyntax Halve(int start, int end)
        {
            if (end - start == 1)
                return Run![start];
            var middle = start + ((end - start + 1) / 2);
            return Both(Halve(start, middle), Halve(middle, end));
        }

        private BinarySyntax Both(ExpressionSyntax left, ExpressionSyntax right) =>
            new(RunOperator, left, right, new SourceSpan(left.Span.Start, right.Span.End));
    }
}
