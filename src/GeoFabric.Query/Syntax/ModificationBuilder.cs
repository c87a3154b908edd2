using Antlr4.Runtime;
using Antlr4.Runtime.Tree;
using GeoFabric.Query.Grammar.Generated;

namespace GeoFabric.Query.Syntax;

/// <summary>Builds INSERT, UPDATE, REPLACE, REMOVE and UPSERT.</summary>
internal sealed class ModificationBuilder(QueryText query, CommonTokenStream tokens, ExpressionBuilder expressions, TargetBuilder targets)
{
    public InsertSyntax Insert(C8QLParser.InsertOperationContext context)
    {
        var (document, collection) = LastExpression(context.expression(), context.intoCollection());
        return new InsertSyntax(document, collection, TargetBuilder.Options(expressions, context.optionsClause()), ExpressionBuilder.Span(context));
    }

    public UpdateSyntax Update(C8QLParser.UpdateOperationContext context)
    {
        var parts = context.expression();
        var key = parts.Length == 2 ? expressions.Build(parts[0]) : null;
        var (document, collection) = LastExpression(parts[^1], context.intoCollection());
        return new UpdateSyntax(
            context.REPLACE() is not null, key, document, collection, TargetBuilder.Options(expressions, context.optionsClause()), ExpressionBuilder.Span(context));
    }

    public RemoveSyntax Remove(C8QLParser.RemoveOperationContext context)
    {
        var (key, collection) = LastExpression(context.expression(), context.intoCollection());
        return new RemoveSyntax(key, collection, TargetBuilder.Options(expressions, context.optionsClause()), ExpressionBuilder.Span(context));
    }

    public UpsertSyntax Upsert(C8QLParser.UpsertOperationContext context)
    {
        var search = expressions.Build(context.expression(0));
        var isFilter = context.FILTER() is not null;
        if (!isFilter)
            DemandSearch(search);
        var insert = expressions.Build(context.expression(1));
        var (update, collection) = LastExpression(context.expression(2), context.intoCollection());
        return new UpsertSyntax(
            isFilter ? null : search, isFilter ? search : null, insert, context.REPLACE() is not null, update, collection,
            TargetBuilder.Options(expressions, context.optionsClause()), ExpressionBuilder.Span(context));
    }

    private void DemandSearch(ExpressionSyntax search)
    {
        if (search is ValueParameterSyntax)
            return;
        if (search is not ObjectSyntax members)
            throw SyntaxErrors.Parse(query, search.Span.Start, "UPSERT searches by an object literal, a bind parameter or FILTER,");
        foreach (var member in members.Members)
        {
            if (member.Name is not (LiteralSyntax or ValueParameterSyntax))
                throw SyntaxErrors.Parse(query, member.Span.Start, "the attribute names of an UPSERT search are fixed,");
        }
    }

    /// <summary>
    /// The last expression of a modification with the collection after it. <c>INSERT doc IN coll</c> was read as one chain: its last operator
    /// must be a plain IN whose right side can name a collection.
    /// </summary>
    private (ExpressionSyntax Expression, ExpressionSyntax Collection) LastExpression(
        C8QLParser.ExpressionContext context, C8QLParser.IntoCollectionContext? into)
    {
        if (into is not null)
            return (expressions.Build(context), targets.Collection(into.collection()));
        var chain = (C8QLParser.ChainContext)context.children[^1];
        var parts = chain.children;
        if (parts.Count >= 3
            && parts[^1] is C8QLParser.OperandContext { ChildCount: 1 } operand
            && parts[^2] is ITerminalNode { Symbol.Type: C8QLParser.IN }
            && parts[^3] is C8QLParser.OperandContext)
        {
            switch (operand.GetChild(0))
            {
                case C8QLParser.LiteralContext { Start.Type: C8QLParser.STRING } quoted:
                    return (expressions.Build(context, skippedAtEnd: 2), targets.Collection(quoted.Start, null));
                case C8QLParser.AtomContext { ChildCount: 1 } atom when atom.name().Length == 1:
                    return (expressions.Build(context, skippedAtEnd: 2), targets.Collection(atom.Start, atom.name(0)));
                case C8QLParser.AtomContext { Start.Type: C8QLParser.COLLECTION_PARAMETER or C8QLParser.VALUE_PARAMETER } atom:
                    return (expressions.Build(context, skippedAtEnd: 2), targets.Collection(atom.Start, null));
            }
        }
        var next = tokens.Get(context.Stop.TokenIndex + 1);
        throw SyntaxErrors.Unexpected(query, next.StartIndex, TokenNames.Of(next.Type), "IN or INTO and a collection");
    }
}
