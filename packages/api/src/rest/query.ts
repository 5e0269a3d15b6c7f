const EMAIL = /(?<=^|&)email=[^&]*/g
const LEADING_PLUS = /(?<=(?:^|&)phoneNumber=)\+/g

/**
 * The parameters of a query. Forms write a space as +, but people write e-mails and phone numbers into addresses as they
 * are: so a + stays one wherever a space would make no sense, which is in an e-mail and before a number.
 */
export function queryOf(url: string): URLSearchParams {
  const start = url.indexOf('?')
  const query = start === -1 ? '' : url.slice(start + 1)
  return new URLSearchParams(query.replace(EMAIL, (email) => email.replaceAll('+', '%2B')).replace(LEADING_PLUS, '%2B'))
}
