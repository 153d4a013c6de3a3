//! The text of an expression → [`Expression`].

use serde_json::{Number, Value};

use super::MAX_DEPTH;

/// A part of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    Literal(Value),
    /// `$name`; the name of `$` is empty.
    Variable(String),
    List(Vec<Expression>),
    Map(Vec<(Expression, Expression)>),
    /// `a.b`; null stays null if it is safe.
    Member {
        of: Box<Expression>,
        name: String,
        safe: bool,
    },
    Item(Box<Expression>, Box<Expression>),
    Not(Box<Expression>),
    Negative(Box<Expression>),
    Binary(Operator, Box<Expression>, Box<Expression>),
    Call(Call),
    /// `bindings -> body`.
    With(Box<Expression>, Box<Expression>),
}

/// `name(…)`, or `on.name(…)`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    pub(super) on: Option<Box<Expression>>,
    pub(super) safe: bool,
    pub(super) name: String,
    pub(super) args: Vec<Argument>,
}

/// `value`, or `key => value`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Argument {
    pub(super) key: Option<Expression>,
    pub(super) value: Expression,
}

/// What stands between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    In,
    Order(Order),
    Math(Math),
}

/// Which comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Less,
    AtMost,
    More,
    AtLeast,
}

/// What makes a number of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Math {
    Plus,
    Minus,
    Times,
    Divide,
    Modulo,
}

/// How it is written, and how strongly it binds.
static OPERATORS: &[(&str, Operator, u8)] = &[
    ("or", Operator::Or, 1),
    ("and", Operator::And, 2),
    ("=", Operator::Equal, 4),
    ("!=", Operator::NotEqual, 4),
    ("in", Operator::In, 4),
    ("<", Operator::Order(Order::Less), 4),
    ("<=", Operator::Order(Order::AtMost), 4),
    (">", Operator::Order(Order::More), 4),
    (">=", Operator::Order(Order::AtLeast), 4),
    ("+", Operator::Math(Math::Plus), 5),
    ("-", Operator::Math(Math::Minus), 5),
    ("*", Operator::Math(Math::Times), 6),
    ("/", Operator::Math(Math::Divide), 6),
    ("mod", Operator::Math(Math::Modulo), 6),
];
/// What follows `not` binds more strongly than `and`.
const NOT_BINDS: u8 = 3;
/// What follows a sign is one value.
const SIGN_BINDS: u8 = 7;

impl Operator {
    /// How it is written.
    pub(super) fn sign(self) -> &'static str {
        OPERATORS.iter().find(|(_, known, _)| *known == self).map_or("", |(sign, _, _)| sign)
    }
}

/// What was not expected, and where; nothing if the text ends too early.
type Fault = Option<(String, usize)>;
type Parsed<T = Expression> = Result<T, Fault>;

/// Reads an expression.
pub(super) fn expression(text: &str) -> Parsed {
    let mut parser = Parser { tokens: tokens(text)?, next: 0, depth: 0 };
    let expression = parser.expression()?;
    match parser.peek() {
        None => Ok(expression),
        Some(_) => Err(parser.unexpected()),
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Literal(Value),
    Word(String),
    Variable(String),
    Sign(&'static str),
}

/// Longer signs first.
static SIGNS: &[&str] = &[
    "->", "=>", "?.", "!=", "<=", ">=", "(", ")", "[", "]", "{", "}", ",", ".", "=", "<", ">", "+",
    "-", "*", "/",
];

fn tokens(text: &str) -> Parsed<Vec<(Token, usize)>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let at = text.len() - rest.len();
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        let (token, length) = match first {
            '\'' | '"' | '`' => quoted(rest, first)?,
            '0'..='9' => number(rest),
            '$' => {
                let name = word(rest.get(1..).unwrap_or_default());
                (Token::Variable(name.to_owned()), 1 + name.len())
            }
            _ if first.is_alphabetic() || first == '_' => {
                let name = word(rest);
                (Token::Word(name.to_owned()), name.len())
            }
            _ => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                Some(sign) => (Token::Sign(sign), sign.len()),
                None => return Err(Some((first.to_string(), at))),
            },
        };
        tokens.push((token, at));
        rest = rest.get(length..).unwrap_or_default();
    }
}

fn word(text: &str) -> &str {
    let end = text.find(|char: char| !char.is_alphanumeric() && char != '_');
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

/// A number; a point belongs to it if a digit follows.
fn number(text: &str) -> (Token, usize) {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    let tail = text.get(whole..).unwrap_or_default();
    let fraction = tail.strip_prefix('.').map_or(0, digits);
    let length = if fraction > 0 { whole + 1 + fraction } else { whole };
    let written = text.get(..length).unwrap_or_default();
    let float = || written.parse().ok().and_then(Number::from_f64).map(Value::Number);
    let value = written.parse::<i64>().ok().map(Value::from).or_else(float);
    let value = value.unwrap_or(Value::Null);
    (Token::Literal(value), length)
}

/// A text in quotes; a backslash hides the next character, except in backquotes.
fn quoted(text: &str, quote: char) -> Parsed<(Token, usize)> {
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, char)) = chars.next() {
        match char {
            _ if char == quote => return Ok((Token::Literal(Value::String(value)), at + 1)),
            '\\' if quote != '`' => match chars.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, 't')) => value.push('\t'),
                Some((_, hidden)) => value.push(hidden),
                None => return Err(None),
            },
            _ => value.push(char),
        }
    }
    Err(None)
}

struct Parser {
    tokens: Vec<(Token, usize)>,
    next: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    fn unexpected(&self) -> Fault {
        self.tokens.get(self.next).map(|(token, at)| {
            let shown = match token {
                Token::Literal(Value::String(text)) | Token::Word(text) => text.clone(),
                Token::Literal(value) => value.to_string(),
                Token::Variable(name) => format!("${name}"),
                Token::Sign(sign) => (*sign).to_owned(),
            };
            (shown, *at)
        })
    }

    /// Takes the sign if it is next.
    fn takes(&mut self, sign: &str) -> bool {
        let is_next = matches!(self.peek(), Some(Token::Sign(next)) if *next == sign);
        self.next += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, sign: &str) -> Parsed<()> {
        if self.takes(sign) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn expression(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.unexpected());
        }
        let left = self.binary(0)?;
        let whole = if self.takes("->") {
            Expression::With(Box::new(left), Box::new(self.expression()?))
        } else {
            left
        };
        self.depth -= 1;
        Ok(whole)
    }

    fn operator(&self) -> Option<(Operator, u8)> {
        let written = match self.peek()? {
            Token::Sign(sign) => sign,
            Token::Word(word) => word.as_str(),
            Token::Literal(_) | Token::Variable(_) => return None,
        };
        let row = OPERATORS.iter().find(|(sign, _, _)| *sign == written)?;
        Some((row.1, row.2))
    }

    /// What operators that bind at least so strongly hold together.
    fn binary(&mut self, binds: u8) -> Parsed {
        let mut left = self.unary()?;
        while let Some((operator, strength)) = self.operator().filter(|(_, by)| *by >= binds) {
            self.next += 1;
            let right = self.binary(strength + 1)?;
            left = Expression::Binary(operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed {
        if self.peek() == Some(&Token::Word("not".to_owned())) {
            self.next += 1;
            return Ok(Expression::Not(Box::new(self.nested(NOT_BINDS)?)));
        }
        if self.takes("-") {
            return Ok(Expression::Negative(Box::new(self.nested(SIGN_BINDS)?)));
        }
        let value = self.value()?;
        self.accesses(value)
    }

    fn nested(&mut self, binds: u8) -> Parsed {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.unexpected());
        }
        let inner = self.binary(binds);
        self.depth -= 1;
        inner
    }

    fn value(&mut self) -> Parsed {
        let token = self.peek().cloned().ok_or(None)?;
        self.next += 1;
        match token {
            Token::Literal(value) => Ok(Expression::Literal(value)),
            Token::Variable(name) => Ok(Expression::Variable(name)),
            Token::Word(name) if self.takes("(") => {
                let args = self.arguments(")")?;
                Ok(Expression::Call(Call { on: None, safe: false, name, args }))
            }
            Token::Word(name) => Ok(Expression::Literal(match name.as_str() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                "null" => Value::Null,
                _ => Value::String(name),
            })),
            Token::Sign("(") => {
                let inner = self.expression()?;
                self.expect(")")?;
                Ok(inner)
            }
            Token::Sign("[") => {
                let items = self.arguments("]")?.into_iter();
                Ok(Expression::List(items.map(|item| item.value).collect()))
            }
            Token::Sign("{") => {
                let members = self.arguments("}")?.into_iter();
                let pair = |member: Argument| Some((member.key?, member.value));
                members.map(pair).collect::<Option<_>>().map(Expression::Map).ok_or(None)
            }
            Token::Sign(_) => {
                self.next -= 1;
                Err(self.unexpected())
            }
        }
    }

    /// `value`s and `key => value`s up to the sign that closes them.
    fn arguments(&mut self, close: &str) -> Parsed<Vec<Argument>> {
        let mut arguments = Vec::new();
        while !self.takes(close) {
            if !arguments.is_empty() {
                self.expect(",")?;
            }
            let first = self.expression()?;
            arguments.push(if self.takes("=>") {
                Argument { key: Some(first), value: self.expression()? }
            } else {
                Argument { key: None, value: first }
            });
        }
        Ok(arguments)
    }

    /// `.name`, `.name(…)` and `[…]` behind a value.
    fn accesses(&mut self, mut value: Expression) -> Parsed {
        loop {
            if self.takes("[") {
                let index = self.expression()?;
                self.expect("]")?;
                value = Expression::Item(Box::new(value), Box::new(index));
                continue;
            }
            let safe = self.takes("?.");
            if !safe && !self.takes(".") {
                return Ok(value);
            }
            let Some(Token::Word(name)) = self.peek().cloned() else {
                return Err(self.unexpected());
            };
            self.next += 1;
            let of = Box::new(value);
            value = if self.takes("(") {
                let args = self.arguments(")")?;
                Expression::Call(Call { on: Some(of), safe, name, args })
            } else {
                Expression::Member { of, name, safe }
            };
        }
    }
}
