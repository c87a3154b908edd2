using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Antlr4.Runtime;
using Antlr4.Runtime.Tree;
using GeoFabric.Primitives.Errors;
using GeoFabric.Query.Grammar.Generated;

namespace GeoFabric.Query.Syntax;

/// <summary>Builds the parts of operations that are no expressions: variables and patterns, collections, options.</summary>
internal sealed class TargetBuilder(QueryText query)
{
    public TargetSyntax Target(C8QLParser.TargetContext context)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (context.name() is { } name)
            return new NameTargetSyntax(ExpressionBuilder.Name(name), ExpressionBuilder.Span(context));
        return context.arrayTarget() is { } items ? ArrayTarget(items) : ObjectTarget(context.objectTarget());
    }

    /// <summary>A collection by name, quoted or not, or by parameter.</summary>
    public ExpressionSyntax Collection(C8QLParser.CollectionContext context) => Collection(context.Start, context.name());

    public ExpressionSyntax Collection(IToken token, C8QLParser.NameContext? name)
    {
        if (name is not null)
            return ExpressionBuilder.NameReference(name);
        return token.Type switch
        {
            C8QLParser.STRING => new NameSyntax(LiteralReader.Unquote(token.Text), ExpressionBuilder.Span(token)),
            C8QLParser.COLLECTION_PARAMETER => ExpressionBuilder.CollectionParameter(token),
            _ => throw SyntaxErrors.At(
                ErrorCodes.BindParameterType, query, token.StartIndex, $"{token.Text} is a value where a collection is needed, which would be @{token.Text},"),
        };
    }

    public static ExpressionSyntax? Options(ExpressionBuilder expressions, C8QLParser.OptionsClauseContext? context)
    {
        if (context is null)
            return null;
        return context.@object() is { } options ? expressions.Object(options) : ExpressionBuilder.ValueParameter(context.VALUE_PARAMETER().Symbol);
    }

    private ArrayTargetSyntax ArrayTarget(C8QLParser.ArrayTargetContext context)
    {
        // A comma ends an item, which may be missing; what follows the last comma is an item only if it is there.
        var items = ImmutableArray.CreateBuilder<TargetSyntax?>();
        TargetSyntax? item = null;
        foreach (var child in context.children)
        {
            if (child is C8QLParser.TargetContext target)
                item = Target(target);
            else if (((ITerminalNode)child).Symbol.Type == C8QLParser.COMMA)
            {
                items.Add(item);
                item = null;
            }
        }
        if (item is not null)
            items.Add(item);
        return new ArrayTargetSyntax(items.ToImmutable(), ExpressionBuilder.Span(context));
    }

    private ObjectTargetSyntax ObjectTarget(C8QLParser.ObjectTargetContext context)
    {
        var members = ImmutableArray.CreateBuilder<(string Attribute, TargetSyntax Target)>();
        foreach (var member in context.memberTarget())
        {
            var attribute = member.name() is { } name ? ExpressionBuilder.Name(name) : LiteralReader.Unquote(member.Start.Text);
            members.Add((attribute, member.target() is { } target ? Target(target) : new NameTargetSyntax(attribute, ExpressionBuilder.Span(member))));
        }
        return new ObjectTargetSyntax(members.ToImmutable(), ExpressionBuilder.Span(context));
    }
}
