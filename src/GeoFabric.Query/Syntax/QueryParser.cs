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
    /// <param name="throwIfStopped">Called every now and then; what it throws ends the parse.</param>
    /// <returns>The tree, at most <see cref="SyntaxLimits.TreeDepthMax"/> levels deep, so that recursive walkers are safe.</returns>
    /// <exception cref="GeoFabricException">1502 for an empty text, 1501 for a syntax error, 1504 for a number out of range,
    /// 1524 for too much nesting, 1553 for a value parameter in the place of a collection, 32 for too many operations.</exception>
    /// <remarks>Thread-safe. No text makes it fail in another way.</remarks>
    public static QuerySyntax Parse(string text, Action? throwIfStopped = null)
    {
        if (text.Length == 0)
            throw ErrorCodes.QueryEmpty.Create();
        var query = new QueryText(text);
        NestingGate.Check(query);
        try
        {
            var tokens = new PollingTokenStream(new C8QLLexer(new AsciiCharStream(text), TextWriter.Null, TextWriter.Null), throwIfStopped);
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
            var suggestion = offendingSymbol.Type == C8QLLexer.NAME ? Keywords.SuggestFor(offendingSymbol.Text)
                : IsQuantifiedPattern(((Parser)recognizer).TokenStream, offendingSymbol.TokenIndex) ? "; items are compared with ==, !=, <, <=, >, >=, IN and NOT IN, for patterns write array[? ANY FILTER CURRENT LIKE pattern]"
                : "";
            throw SyntaxErrors.Unexpected(query, offendingSymbol.StartIndex, TokenNames.Of(offendingSymbol.Type), Expected((Parser)recognizer, e), suggestion);
        }

        /// <summary>Whether the query goes on with ALL, ANY or NONE in front of LIKE, =~ or !~, which the language does not have.</summary>
        private static bool IsQuantifiedPattern(ITokenStream tokens, int offending)
        {
            // The lookahead of a failed prediction ends at either of the two.
            for (var at = Math.Max(1, offending); at <= offending + 1 && at < tokens.Size; at++)
            {
                if (tokens.Get(at).Type is not (C8QLLexer.LIKE or C8QLLexer.MATCHES or C8QLLexer.NOT_MATCHES))
                    continue;
                var before = tokens.Get(at - 1).Type == C8QLLexer.NOT && at > 1 ? at - 2 : at - 1;
                return tokens.Get(before).Type is C8QLLexer.ALL or C8QLLexer.ANY or C8QLLexer.NONE;
            }
            return false;
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

    /// <summary>Asks while tokens are looked at, which the parser may do more than once, whether to go on.</summary>
    private sealed class PollingTokenStream(ITokenSource source, Action? throwIfStopped) : CommonTokenStream(source)
    {
        private const uint LooksBetween = 4096;
        private uint _looks;

        public override int LA(int i)
        {
            if (++_looks % LooksBetween == 0)
                throwIfStopped?.Invoke();
            return base.LA(i);
        }
    }
}
