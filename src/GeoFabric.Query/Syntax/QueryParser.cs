using Antlr4.Runtime;
using Antlr4.Runtime.Atn;
using Antlr4.Runtime.Misc;
using GeoFabric.Primitives.Errors;
using GeoFabric.Query.Grammar.Generated;

namespace GeoFabric.Query.Syntax;

/// <summary>Turns the text of a query into its syntax tree.</summary>
public static class QueryParser
{
    /// <summary>Parses a whole query.</summary>
    /// <returns>The tree, at most <see cref="SyntaxLimits.TreeDepthMax"/> levels deep, so that recursive walkers are safe.</returns>
    /// <exception cref="GeoFabricException">1502 for an empty text, 1501 for a syntax error, 1504 for a number out of range,
    /// 1524 for too much nesting, 1553 for a value parameter in the place of a collection, 32 for too many operations.</exception>
    /// <remarks>Thread-safe. No text makes it fail in another way.</remarks>
    public static QuerySyntax Parse(string text)
    {
        if (text.Length == 0)
            throw ErrorCodes.QueryEmpty.Create();
        var query = new QueryText(text);
        NestingGate.Check(query);
        try
        {
            var tokens = new CommonTokenStream(new C8QLLexer(new AsciiCharStream(text), TextWriter.Null, TextWriter.Null));
            var tree = new OperationBuilder(query, tokens).Build(Read(query, tokens));
            SyntaxDepth.Check(query, tree);
            return tree;
        }
        catch (InsufficientExecutionStackException exception)
        {
            throw ErrorCodes.TooMuchNesting.With("the query nests deeper than the server's stack allows", exception);
        }
    }

    /// <summary>
    /// The cheap prediction mode first: it decides every correct query of this grammar. Only when it fails the text is read again with the
    /// full one, which is also the one that reports errors at the right token.
    /// </summary>
    private static C8QLParser.QueryContext Read(QueryText query, CommonTokenStream tokens)
    {
        var parser = new C8QLParser(tokens, TextWriter.Null, TextWriter.Null) { ErrorHandler = new BailErrorStrategy() };
        parser.RemoveErrorListeners();
        parser.Interpreter.PredictionMode = PredictionMode.SLL;
        try
        {
            return parser.query();
        }
        catch (ParseCanceledException)
        {
            tokens.Seek(0);
            parser.Reset();
            parser.ErrorHandler = new DefaultErrorStrategy();
            parser.AddErrorListener(new ThrowingListener(query));
            parser.Interpreter.PredictionMode = PredictionMode.LL;
            return parser.query();
        }
    }

    /// <summary>Ends the parse at the first error.</summary>
    private sealed class ThrowingListener(QueryText query) : BaseErrorListener
    {
        public override void SyntaxError(TextWriter output, IRecognizer recognizer, IToken offendingSymbol, int line, int charPositionInLine, string msg, RecognitionException e)
        {
            var suggestion = offendingSymbol.Type == C8QLLexer.NAME ? Keywords.SuggestFor(offendingSymbol.Text) : "";
            throw SyntaxErrors.Unexpected(query, offendingSymbol.StartIndex, TokenNames.Of(offendingSymbol.Type), Expected((Parser)recognizer, e), suggestion);
        }

        private static string? Expected(Parser parser, RecognitionException? exception)
        {
            // A failed prediction has read ahead: what the parser expects belongs before the tokens it read.
            if (exception is NoViableAltException)
                return null;
            // Once all loops of the grammar have given up, only the end is left. That helps after RETURN; elsewhere much more may follow.
            if (parser.Context is C8QLParser.QueryContext query && query.body()?.returnOperation() is null)
                return null;
            return TokenNames.Expected(parser.GetExpectedTokens());
        }
    }
}
