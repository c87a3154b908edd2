using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Binding;

/// <summary>INSERT, UPDATE, REPLACE, REMOVE and UPSERT. The collection is fixed here; OLD and NEW become variables for what follows.</summary>
internal sealed class ModificationBinder(BindingState state, ExpressionBinder expressions)
{
    public LogicalNode Bind(OperationSyntax operation, Scope scope) => operation switch
    {
        InsertSyntax insert => BindInsert(insert, scope),
        UpdateSyntax update => BindUpdate(update, scope),
        RemoveSyntax remove => BindRemove(remove, scope),
        _ => BindUpsert((UpsertSyntax)operation, scope),
    };

    private InsertNode BindInsert(InsertSyntax insert, Scope scope)
    {
        var document = expressions.Bind(insert.Document, scope);
        var options = new OptionsBinder(state, expressions, "INSERT").ReadModificationOptions(insert.Options);
        var collection = Target(insert.Collection);
        scope.Remove("OLD");
        var old = options.Overwrite is OverwriteMode.Conflict ? null : Result("OLD", scope);
        return new InsertNode(document, collection, options, old, Result("NEW", scope));
    }

    private UpdateNode BindUpdate(UpdateSyntax update, Scope scope)
    {
        var key = expressions.BindOptional(update.Key, scope);
        var document = expressions.Bind(update.Document, scope);
        var options = new OptionsBinder(state, expressions, update.IsReplace ? "REPLACE" : "UPDATE").ReadModificationOptions(update.Options);
        var collection = Target(update.Collection);
        return new UpdateNode(update.IsReplace, key, document, collection, options, Result("OLD", scope), Result("NEW", scope));
    }

    private RemoveNode BindRemove(RemoveSyntax remove, Scope scope)
    {
        var key = expressions.Bind(remove.Key, scope);
        var options = new OptionsBinder(state, expressions, "REMOVE").ReadModificationOptions(remove.Options);
        var collection = Target(remove.Collection);
        scope.Remove("NEW");
        return new RemoveNode(key, collection, options, Result("OLD", scope));
    }

    private UpsertNode BindUpsert(UpsertSyntax upsert, Scope scope)
    {
        var candidate = state.NewVariable("OLD");
        var condition = upsert.Search is not null
            ? BindSearch(upsert.Search, candidate, scope)
            : BindFilter(upsert.Filter!, candidate, scope);
        var insert = expressions.Bind(upsert.Insert, scope);
        var updateScope = new Scope(scope);
        updateScope.Set("OLD", candidate);
        var update = expressions.Bind(upsert.Update, updateScope);
        var (options, hint, readsOwnWrites) = new OptionsBinder(state, expressions, "UPSERT").ReadUpsertOptions(upsert.Options);
        var collection = Target(upsert.Collection);
        var lookup = new LogicalPlan(
        [
            new SingletonNode(),
            new EnumerateCollectionNode(candidate, collection, hint),
            new FilterNode(condition),
            new LimitNode(null, new ConstantExpression(Value.FromInteger(1))),
            new ReturnNode(new VariableExpression(candidate), IsDistinct: false),
        ]);
        return new UpsertNode(lookup, candidate, insert, upsert.IsReplace, update, collection, options, Result("OLD", scope), Result("NEW", scope))
        {
            ReadsOwnWrites = readsOwnWrites,
        };
    }

    private Expression BindFilter(ExpressionSyntax filter, Variable candidate, Scope scope)
    {
        var inner = new Scope(scope);
        inner.Set("CURRENT", candidate);
        return expressions.Bind(filter, inner);
    }

    /// <summary>The search object as equalities on the candidate; nested objects mean nested equality.</summary>
    private Expression BindSearch(ExpressionSyntax search, Variable candidate, Scope scope)
    {
        var members = new List<(Expression Path, Expression Value)>();
        if (search is ObjectSyntax literal)
            AddMembers(literal, new VariableExpression(candidate), scope, members);
        else if (search is ValueParameterSyntax parameter && state.StructuralParameter(parameter.Name) is { IsObject: true } bound)
            AddMembers(bound, new VariableExpression(candidate), members);
        else if (search is not ValueParameterSyntax { Name: var name } || state.HasParameter(name))
            throw SyntaxErrors.Parse(state.Text, search.Span.Start, "the search of UPSERT must be an object,");
        if (members.Count == 0)
            return ConstantExpression.True;
        Expression? condition = null;
        foreach (var (path, value) in members)
        {
            var equality = new ComparisonExpression(BinaryOperator.Equal, path, value);
            condition = condition is null ? equality : new LogicalExpression(isAnd: true, condition, equality);
        }
        return condition!;
    }

    private void AddMembers(ObjectSyntax literal, Expression path, Scope scope, List<(Expression Path, Expression Value)> members)
    {
        foreach (var member in literal.Members)
        {
            if (expressions.StructuralConstant(member.Name) is not { IsString: true } name)
                throw SyntaxErrors.Parse(state.Text, member.Span.Start, "attribute names in the search of UPSERT must be constants,");
            var inner = new AttributeExpression(path, name.Text);
            if (member.Value is ObjectSyntax nested && nested.Members.Length > 0)
                AddMembers(nested, inner, scope, members);
            else
                members.Add((inner, expressions.Bind(member.Value, scope)));
        }
    }

    private static void AddMembers(Value search, Expression path, List<(Expression Path, Expression Value)> members)
    {
        foreach (var (name, value) in search.Attributes)
        {
            var inner = new AttributeExpression(path, System.Text.Encoding.UTF8.GetString(name));
            if (value.IsObject && value.Attributes.Count > 0)
                AddMembers(value, inner, members);
            else
                members.Add((inner, new ConstantExpression(value)));
        }
    }

    private CollectionDefinition Target(ExpressionSyntax syntax)
    {
        if (expressions.CollectionName(syntax, null) is not { } name)
        {
            throw syntax is ValueParameterSyntax parameter
                ? ErrorCodes.BindParameterType.With($"'@{parameter.Name}' {state.Text.Where(syntax.Span)} stands for a value; write '@@{parameter.Name}' for a collection")
                : SyntaxErrors.Parse(state.Text, syntax.Span.Start, "the target must be the name of a collection or a @@parameter,");
        }
        return name.Length == 0
            ? new CollectionDefinition(0, "", CollectionType.Document, KeyOptions.Traditional, [])
            : state.UseCollection(name, isWrite: true, syntax.Span);
    }

    private Variable Result(string name, Scope scope)
    {
        var variable = state.NewVariable(name);
        scope.Set(name, variable);
        return variable;
    }
}
